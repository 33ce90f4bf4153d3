import type { AwsRequest } from '../aws/aws-request.ts'
import type { ObjectAddress } from './s3-request.ts'

const byMethod = {
  bucket: { GET: 'ListObjects', HEAD: 'HeadBucket', PUT: 'CreateBucket', DELETE: 'DeleteBucket' },
  object: { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' },
  upload: {
    GET: 'ListParts',
    PUT: 'UploadPart',
    POST: 'CompleteMultipartUpload',
    DELETE: 'AbortMultipartUpload',
  },
} as const

/** The operation that a request asks for, as S3 calls it; `Other` for what is no operation that is told apart here. */
export function operationName(
  { method, query, headers }: Pick<AwsRequest, 'method' | 'query' | 'headers'>,
  { bucket, key }: Pick<ObjectAddress, 'bucket' | 'key'>,
): string {
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : 'Other'
  if (query.has('uploadId')) return named(byMethod.upload, method)
  if (query.has('uploads')) return method === 'POST' ? 'CreateMultipartUpload' : 'ListMultipartUploads'
  if (key !== '') {
    return method === 'PUT' && 'x-amz-copy-source' in headers ? 'CopyObject' : named(byMethod.object, method)
  }
  if (method === 'POST') return query.has('delete') ? 'DeleteObjects' : 'Other'
  if (method === 'GET' && query.has('list-type')) return 'ListObjectsV2'
  if (method === 'GET' && query.has('location')) return 'GetBucketLocation'
  if (method === 'GET' && query.has('versions')) return 'ListObjectVersions'
  return named(byMethod.bucket, method)
}

const named = (names: Readonly<Record<string, string>>, method: string): string =>
  (Object.hasOwn(names, method) ? names[method] : undefined) ?? 'Other'
