import { AwsError, type AwsRequest } from '../aws/aws-request.ts'

/** Bucket and key that a request means, by path (`/bucket/key`) or by host (`bucket.s3.…/key`). */
export interface ObjectAddress {
  readonly bucket: string
  readonly key: string
}

/** Hosts below which a name is a bucket's. */
const endpoints = /^(.+)\.(?:localhost|s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com|s3\.[a-z0-9.-]+)$/

/** The bucket that a host names; undefined where it names none. */
export function bucketOfHost(host: string): string | undefined {
  const name = endpoints.exec(host.replace(/:\d+$/, '').toLowerCase())?.[1]
  return name === 's3' ? undefined : name
}

/** @throws AwsError for a path that cannot be decoded */
export function addressOf({ path, host }: Pick<AwsRequest, 'path' | 'host'>): ObjectAddress {
  const byHost = bucketOfHost(host)
  const rest = path.replace(/^\//, '')
  if (byHost !== undefined) return { bucket: byHost, key: decoded(rest) }
  const at = rest.indexOf('/')
  return at === -1
    ? { bucket: decoded(rest), key: '' }
    : { bucket: decoded(rest.slice(0, at)), key: decoded(rest.slice(at + 1)) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidURI', 400, "Couldn't parse the specified URI.")
  }
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function requireBucketName(name: string): void {
  const sound = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')
  if (!sound || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name })
  }
}

/** Keys are at most 1,024 bytes of UTF-8. */
export function requireKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 400, 'Your key is too long')
}

/** What S3 calls the version of an object whose bucket keeps one only, as all do here. */
export const onlyVersion = 'null'

/** An object has one version here: what means another must neither get nor remove this one. @throws AwsError */
export function requireOnlyVersion(version: string | undefined): void {
  if (version === undefined || version === onlyVersion) return
  throw new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', {
    VersionId: version.slice(0, 100),
  })
}

/** A whole number from the query within bounds; the default where it is missing. */
export function queryNumber(
  query: AwsRequest['query'],
  name: string,
  bounds: { readonly least: number; readonly most: number; readonly missing: number },
): number {
  const text = query.get(name)
  if (text === undefined || text === '') return bounds.missing
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < bounds.least) {
    throw new AwsError('InvalidArgument', 400, `${name} must be a whole number of at least ${bounds.least}`, {
      ArgumentName: name,
      ArgumentValue: text.slice(0, 100),
    })
  }
  return Math.min(value, bounds.most)
}
