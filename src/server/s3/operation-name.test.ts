import { expect, test } from 'vitest'
import { operationName } from './operation-name.ts'

const cases: readonly [name: string, method: string, path: string, query: string, headers?: object][] = [
  ['ListBuckets', 'GET', '', ''],
  ['CreateBucket', 'PUT', 'b', ''],
  ['ListObjectsV2', 'GET', 'b', 'list-type'],
  ['ListObjects', 'GET', 'b', ''],
  ['ListObjectVersions', 'GET', 'b', 'versions'],
  ['DeleteObjects', 'POST', 'b', 'delete'],
  ['ListMultipartUploads', 'GET', 'b', 'uploads'],
  ['PutObject', 'PUT', 'b/k', ''],
  ['CopyObject', 'PUT', 'b/k', '', { 'x-amz-copy-source': 'b/other' }],
  ['CreateMultipartUpload', 'POST', 'b/k', 'uploads'],
  ['UploadPart', 'PUT', 'b/k', 'uploadId'],
  ['CompleteMultipartUpload', 'POST', 'b/k', 'uploadId'],
  ['AbortMultipartUpload', 'DELETE', 'b/k', 'uploadId'],
  ['Other', 'PATCH', 'b/k', ''],
  ['Other', 'constructor', 'b/k', ''],
]

test.each(cases)('%s is %s /%s?%s', (name, method, path, query, headers = {}) => {
  const [bucket = '', key = ''] = path.split('/')
  const request = { method, query: new Map([[query, '']]), headers: headers as Record<string, string> }
  expect(operationName(request, { bucket, key })).toBe(name)
})
