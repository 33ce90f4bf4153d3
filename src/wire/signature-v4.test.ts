import { createHash } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalRequest,
  expectedSignature,
  readSignature,
  SignatureFault,
  type SignedRequest,
} from './signature-v4.ts'
import { Sha256 } from './testing/sha256.ts'

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const body =
  '{"anthropic_version":"bedrock-2023-05-31","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}'
const payloadHash = createHash('sha256').update(body).digest('hex')
const path = '/model/arn%3Aaws%3Abedrock%3Aus-west-2%3A123456789012%3Aprovisioned-model%2Fabcdefghijkl/invoke'

const authorization = (signedHeaders: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-west-2/bedrock/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`

function verified(request: SignedRequest, hash: string): boolean {
  const claim = readSignature(request)
  return (
    claim !== undefined &&
    expectedSignature(request, claim, { secretAccessKey, payloadHash: hash }) === claim.signature
  )
}

describe('vectors', () => {
  test('over HTTP/1.1 as botocore signs', () => {
    const request = {
      method: 'POST',
      path,
      query: '',
      headers: {
        authorization: authorization(
          'content-type;host;x-amz-date',
          '8cb6089d98d3d6d89121ac5cb928c0365004fecb350a47655077346b0d86a912',
        ),
        'content-type': 'application/json',
        host: 'bedrock-runtime.us-west-2.amazonaws.com',
        'x-amz-date': '20260102T030405Z',
      },
    }
    const claim = readSignature(request)
    if (claim === undefined) throw new Error('not signed')
    const canonical = canonicalRequest(request, claim, payloadHash)
    expect(createHash('sha256').update(canonical).digest('hex')).toBe(
      '7b3062c46459526029c02b63ea5b5baa15dba91bdba887bcf9a72aeb25e543ae',
    )
    expect(verified(request, payloadHash)).toBe(true)
  })

  test('over HTTP/2, where :authority takes the place of host', () => {
    const request = {
      method: 'POST',
      path,
      query: '',
      headers: {
        ':authority': '127.0.0.1:18080',
        authorization: authorization(
          ':authority;content-type;x-amz-content-sha256;x-amz-date',
          'e618187dc33940fbddffecfab286fd661e2cbd3827f47ea3d4a514df513b426c',
        ),
        'content-type': 'application/json',
        'x-amz-content-sha256': payloadHash,
        'x-amz-date': '20260102T030405Z',
      },
    }
    expect(verified(request, payloadHash)).toBe(true)
  })
})

const signer = (service: string): SignatureV4 =>
  new SignatureV4({
    service,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  })

const word = fc.string({ unit: 'grapheme', maxLength: 12 })
const encodedPath = fc
  .array(word.map(encodeURIComponent), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`)
// The signer collects the parameters in a plain object, and loses one of this name.
const parameter = word.filter((name) => name !== '' && name !== '__proto__' && !/^x-amz-/i.test(name))
// Header values are visible ASCII; the signer itself folds inner white space.
const headerValue = fc.stringMatching(/^[!-~]([ !-~]{0,20}[!-~])?$/)

test.each(['bedrock', 's3'])('whatever the SDK signs for %s is what is expected', async (service) => {
  await fc.assert(
    fc.asyncProperty(
      encodedPath,
      fc.dictionary(parameter, word, { maxKeys: 4 }),
      headerValue,
      word,
      async (requestPath, query, extra, content) => {
        const signed = await signer(service).sign(
          {
            method: 'PUT',
            protocol: 'http:',
            hostname: 'localhost',
            path: requestPath,
            query,
            headers: { host: 'localhost:4290', 'x-amz-meta-note': extra },
            body: content,
          },
          { signingDate: new Date('2026-01-02T03:04:05Z') },
        )
        const request: SignedRequest = {
          method: 'PUT',
          path: requestPath,
          query: Object.entries(query)
            .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
            .join('&'),
          headers: Object.fromEntries(
            Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]),
          ),
        }
        const hash = createHash('sha256').update(content).digest('hex')
        expect(verified(request, hash)).toBe(true)
        expect(verified({ ...request, method: 'POST' }, hash)).toBe(false)
        expect(verified(request, createHash('sha256').update(`${content}x`).digest('hex'))).toBe(false)
      },
    ),
  )
})

test('a presigned URL carries its signature in the query', async () => {
  const signed = await signer('s3').presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: 'localhost',
      port: 4290,
      path: '/bucket/key%20one.jsonl',
      query: { 'response-content-type': 'text/plain' },
      headers: { host: 'localhost:4290', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    { signingDate: new Date('2026-01-02T03:04:05Z'), expiresIn: 60 },
  )
  const query = Object.entries(signed.query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
  const request = {
    method: 'GET',
    path: '/bucket/key%20one.jsonl',
    query,
    headers: { host: 'localhost:4290' },
  }
  expect(readSignature(request)).toMatchObject({ accessKeyId: 'AKIDEXAMPLE', service: 's3', expires: 60 })
  expect(verified(request, 'UNSIGNED-PAYLOAD')).toBe(true)
})

test('a request without a signature has none', () => {
  expect(readSignature({ method: 'GET', path: '/', query: '', headers: {} })).toBeUndefined()
  expect(
    readSignature({ method: 'GET', path: '/', query: '', headers: { authorization: 'Bearer abc' } }),
  ).toBeUndefined()
})

test.each([
  ['AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00', "requires 'Credential' parameter"],
  [
    'AWS4-HMAC-SHA256 Credential=A/20260102/r/bedrock/aws4, SignedHeaders=host, Signature=00',
    "valid terminator: 'aws4_request'",
  ],
  ['AWS4-HMAC-SHA256 Credential=A/2026/r/bedrock/aws4_request, SignedHeaders=host, Signature=00', 'YYYYMMDD'],
])('%s', (header, reason) => {
  const request = {
    method: 'GET',
    path: '/',
    query: '',
    headers: { authorization: header, 'x-amz-date': '20260102T030405Z' },
  }
  expect(() => readSignature(request)).toThrow(SignatureFault)
  expect(() => readSignature(request)).toThrow(reason)
})
