import { createHmac } from 'node:crypto'
import { queryPairs, type SignedRequest } from './signature-v4.ts'

/** What a URL says that was presigned in the older way, as boto3 still does for S3 unless told otherwise. */
export interface ClaimedUrl {
  readonly accessKeyId: string
  /** Base64. */
  readonly signature: string
  /** Seconds since 1970. */
  readonly expires: number
  readonly sessionToken?: string
}

/** Reads the claim of such a URL; undefined for another. */
export function readUrlSignature({ query }: Pick<SignedRequest, 'query'>): ClaimedUrl | undefined {
  if (!query.includes('AWSAccessKeyId=')) return undefined
  const fields = new Map(queryPairs(query))
  const [accessKeyId, signature, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) =>
    fields.get(name),
  )
  if (!accessKeyId || !signature || !/^\d{1,12}$/.test(expires ?? '')) return undefined
  const sessionToken = fields.get('x-amz-security-token')
  return {
    accessKeyId,
    signature,
    expires: Number(expires),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
}

/** Parts of a query that belong to the resource. */
const subResources = new Set([
  'acl',
  'delete',
  'lifecycle',
  'location',
  'logging',
  'notification',
  'partNumber',
  'policy',
  'requestPayment',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
])

/**
 * The signature of a presigned URL, Base64.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
 *
 * @param bucket that the host names; undefined where the path does
 */
export function expectedUrlSignature(
  request: SignedRequest,
  { expires }: Pick<ClaimedUrl, 'expires'>,
  secretAccessKey: string,
  bucket: string | undefined,
): string {
  const { method, path, query, headers } = request
  const pairs = queryPairs(query)
  const resource = pairs
    .filter(([name]) => subResources.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
  // Of a presigned request these headers stand in the query, where they are in it at all.
  const amz = pairs
    .filter(([name]) => name.toLowerCase().startsWith('x-amz-'))
    .map(([name, value]) => `${name.toLowerCase()}:${value.trim()}\n`)
    .toSorted()
    .join('')
  const header = (name: string): string => String(headers[name] ?? '')
  const text = [
    method,
    header('content-md5'),
    header('content-type'),
    String(expires),
    `${amz}${bucket === undefined ? '' : `/${bucket}`}${path}${resource === '' ? '' : `?${resource}`}`,
  ].join('\n')
  return createHmac('sha1', secretAccessKey).update(text).digest('base64')
}
