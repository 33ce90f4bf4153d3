import { expect, test } from 'vitest'
import { expectedUrlSignature, readUrlSignature } from './signature-v2.ts'

// Made by generate_presigned_url of botocore 1.43.11 with the key pair A and B.
test.each([
  [
    'GET',
    '/cli-bucket/tr%20ain.jsonl',
    'response-content-type=text%2Fx&AWSAccessKeyId=A&Signature=7mSEWSb8IwuAjuectOQ1qDInsfE%3D&Expires=1795295231',
    {},
  ],
  [
    'PUT',
    '/cli-bucket/up.txt',
    'AWSAccessKeyId=A&Signature=g2nt7Lx%2B6V5BzdyShklhy2QiUms%3D&content-type=text%2Fplain&Expires=1795295231',
    { 'content-type': 'text/plain' },
  ],
])('%s %s', (method, path, query, headers) => {
  const request = { method, path, query, headers }
  const claim = readUrlSignature(request)
  if (claim === undefined) throw new Error('no claim')
  expect(expectedUrlSignature(request, claim, 'B', undefined)).toBe(claim.signature)
  expect(expectedUrlSignature(request, claim, 'C', undefined)).not.toBe(claim.signature)
  expect(expectedUrlSignature({ ...request, path: '/cli-bucket/other' }, claim, 'B', undefined)).not.toBe(
    claim.signature,
  )
})

test('another query makes no such claim', () => {
  expect(readUrlSignature({ query: 'AWSAccessKeyId=A&Signature=b' })).toBeUndefined()
  expect(readUrlSignature({ query: 'list-type=2' })).toBeUndefined()
})
