import type { ListedObjects, ObjectHead } from '../../store/objects/object-store.ts'
import type { XmlContent } from '../../wire/xml.ts'
import { fromPageToken, toPageToken } from '../aws/page-token.ts'
import { AwsError, readBody, type AwsReply, type AwsRequest } from '../aws/aws-request.ts'
import type { S3Context } from './s3-service.ts'
import { onlyVersion, queryNumber } from './s3-request.ts'
import { elementsOf, malformed, readXml, xmlDocument } from './s3-xml.ts'

const pageSize = { least: 0, most: 1000, missing: 1000 }

export const xmlReply = (body: string): AwsReply => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body,
})

export const notImplemented = (what: string): AwsError =>
  new AwsError(
    'NotImplemented',
    501,
    `A header or query you provided implies functionality that is not implemented: ${what}`,
  )

export async function listBuckets({ store }: S3Context, request: AwsRequest): Promise<AwsReply> {
  if (request.method !== 'GET')
    throw new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.')
  const { query } = request
  const prefix = query.get('prefix') ?? ''
  const token = query.get('continuation-token')
  const after = token === undefined ? '' : fromToken(bucketList, token)
  const limit = queryNumber(query, 'max-buckets', { least: 1, most: 10_000, missing: 10_000 })
  const buckets = (await store.listBuckets()).filter(({ name }) => name.startsWith(prefix) && name > after)
  const page = buckets.slice(0, limit)
  return xmlReply(
    xmlDocument('ListAllMyBucketsResult', {
      Owner: owner(request),
      Buckets: { Bucket: page.map(({ name, created }) => ({ Name: name, CreationDate: created })) },
      Prefix: prefix === '' ? undefined : prefix,
      ContinuationToken:
        page.length < buckets.length ? toPageToken(bucketList, page.at(-1)?.name ?? '') : undefined,
    }),
  )
}

export async function bucketOperation(
  context: S3Context,
  request: AwsRequest,
  bucket: string,
): Promise<AwsReply> {
  const { method, query } = request
  const { store } = context
  if (method === 'PUT' && plain(query)) return createBucket(context, request, bucket)
  await store.bucketFolder(bucket)
  if (method === 'HEAD') return { status: 200, headers: { 'x-amz-bucket-region': request.region } }
  if (method === 'DELETE' && plain(query)) {
    await store.removeBucket(bucket)
    return { status: 204 }
  }
  if (method === 'POST' && query.has('delete')) return deleteObjects(context, request, bucket)
  if (method === 'GET') return bucketQuestion(context, request, bucket)
  throw notImplemented(`${method} on a bucket with ${[...query.keys()].join(', ')}`)
}

/** A query without a sub-resource. */
const plain = (query: AwsRequest['query']): boolean =>
  [...query.keys()].every((name) => name === 'x-id' || name.startsWith('X-Amz-'))

async function createBucket({ store }: S3Context, request: AwsRequest, bucket: string): Promise<AwsReply> {
  await readBody(request, 64 * 1024)
  if (!(await store.createBucket(bucket)) && request.region !== 'us-east-1') {
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: bucket },
    )
  }
  return { status: 200, headers: { location: `/${bucket}` } }
}

async function bucketQuestion(context: S3Context, request: AwsRequest, bucket: string): Promise<AwsReply> {
  const { query } = request
  if (query.has('location')) {
    const region = request.region === 'us-east-1' ? '' : request.region
    return xmlReply(xmlDocument('LocationConstraint', {}).replace('></', `>${region}</`))
  }
  if (query.has('versioning')) return xmlReply(xmlDocument('VersioningConfiguration', {}))
  if (query.has('acl')) return xmlReply(accessControl(request))
  if (query.has('uploads')) return listUploads(context, request, bucket)
  const missing = missingConfiguration.find(([name]) => query.has(name))
  if (missing !== undefined) {
    throw new AwsError(missing[1], 404, 'The bucket has no such configuration', { BucketName: bucket })
  }
  if (query.get('list-type') === '2') return listObjectsV2(context, request, bucket)
  if (query.has('versions')) return listVersions(context, request, bucket)
  return listObjects(context, request, bucket)
}

/** Sub-resources that a bucket never has here, and what S3 calls their absence. */
const missingConfiguration: readonly (readonly [query: string, code: string])[] = [
  ['policy', 'NoSuchBucketPolicy'],
  ['lifecycle', 'NoSuchLifecycleConfiguration'],
  ['cors', 'NoSuchCORSConfiguration'],
  ['encryption', 'ServerSideEncryptionConfigurationNotFoundError'],
  ['tagging', 'NoSuchTagSet'],
  ['publicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'],
  ['website', 'NoSuchWebsiteConfiguration'],
  ['replication', 'ReplicationConfigurationNotFoundError'],
  ['object-lock', 'ObjectLockConfigurationNotFoundError'],
  ['ownershipControls', 'OwnershipControlsNotFoundError'],
]

async function listObjectsV2({ store }: S3Context, request: AwsRequest, bucket: string): Promise<AwsReply> {
  const { query } = request
  const token = query.get('continuation-token')
  const asked = query.get('start-after')
  const limit = queryNumber(query, 'max-keys', pageSize)
  const after = token === undefined ? asked : fromToken(bucket, token)
  const page = await listPage(store, bucket, query, after, limit)
  const text = texts(query)
  return xmlReply(
    xmlDocument('ListBucketResult', {
      Name: bucket,
      Prefix: text(query.get('prefix') ?? ''),
      Delimiter: text(query.get('delimiter')),
      StartAfter: text(asked),
      EncodingType: query.get('encoding-type'),
      KeyCount: page.objects.length + page.prefixes.length,
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      ContinuationToken: token,
      NextContinuationToken: page.next === undefined ? undefined : toPageToken(bucket, page.next),
      Contents: page.objects.map((head) => ({
        ...listed(head, text),
        Owner: query.get('fetch-owner') === 'true' ? owner(request) : undefined,
      })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: text(prefix) })),
    }),
  )
}

async function listObjects({ store }: S3Context, request: AwsRequest, bucket: string): Promise<AwsReply> {
  const { query } = request
  const limit = queryNumber(query, 'max-keys', pageSize)
  const page = await listPage(store, bucket, query, query.get('marker'), limit)
  const text = texts(query)
  return xmlReply(
    xmlDocument('ListBucketResult', {
      Name: bucket,
      Prefix: text(query.get('prefix') ?? ''),
      Delimiter: text(query.get('delimiter')),
      Marker: text(query.get('marker') ?? ''),
      EncodingType: query.get('encoding-type'),
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      NextMarker: query.has('delimiter') ? text(page.next) : undefined,
      Contents: page.objects.map((head) => ({ ...listed(head, text), Owner: owner(request) })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: text(prefix) })),
    }),
  )
}

/** Every object is its only version. */
async function listVersions({ store }: S3Context, request: AwsRequest, bucket: string): Promise<AwsReply> {
  const { query } = request
  const limit = queryNumber(query, 'max-keys', pageSize)
  const page = await listPage(store, bucket, query, query.get('key-marker'), limit)
  const text = texts(query)
  return xmlReply(
    xmlDocument('ListVersionsResult', {
      Name: bucket,
      Prefix: text(query.get('prefix') ?? ''),
      Delimiter: text(query.get('delimiter')),
      KeyMarker: text(query.get('key-marker') ?? ''),
      EncodingType: query.get('encoding-type'),
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      NextKeyMarker: text(page.next),
      NextVersionIdMarker: page.next === undefined ? undefined : onlyVersion,
      Version: page.objects.map((head) => ({
        ...listed(head, text),
        VersionId: onlyVersion,
        IsLatest: true,
        Owner: owner(request),
      })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: text(prefix) })),
    }),
  )
}

async function listPage(
  store: S3Context['store'],
  bucket: string,
  query: AwsRequest['query'],
  after: string | undefined,
  limit: number,
): Promise<ListedObjects> {
  if (limit === 0) return { objects: [], prefixes: [] }
  return store.list(bucket, {
    prefix: query.get('prefix') ?? '',
    ...(query.get('delimiter') ? { delimiter: query.get('delimiter') ?? '' } : {}),
    ...(after === undefined ? {} : { after }),
    limit,
  })
}

const listed = (
  head: ObjectHead,
  text: (value: string) => string,
): { readonly [name: string]: XmlContent } => ({
  Key: text(head.key),
  LastModified: head.modified,
  ETag: `"${head.etag}"`,
  ChecksumAlgorithm: Object.keys(head.checksums).map((name) => name.toUpperCase()),
  ChecksumType: head.checksumType ?? 'FULL_OBJECT',
  Size: head.bytes,
  StorageClass: 'STANDARD',
})

/** Keys as they are, or percent-encoded where the client asks for `encoding-type=url`. */
function texts(query: AwsRequest['query']): <Text extends string | undefined>(text: Text) => Text {
  if (query.get('encoding-type') !== 'url') return (text) => text
  return <Text extends string | undefined>(text: Text): Text =>
    (text === undefined ? text : encodeURIComponent(text).replaceAll('%2F', '/')) as Text
}

/** No bucket is called so. */
const bucketList = '/'

/** Where the page before ended. @param list name of the bucket whose objects are listed, or `bucketList` */
function fromToken(list: string, token: string): string {
  const place = fromPageToken(list, token)
  if (place !== undefined) return place
  throw new AwsError('InvalidArgument', 400, 'The continuation token provided is incorrect', {
    ArgumentName: 'continuation-token',
  })
}

async function listUploads({ uploads }: S3Context, request: AwsRequest, bucket: string): Promise<AwsReply> {
  const prefix = request.query.get('prefix') ?? ''
  const list = (await uploads.list(bucket)).filter(({ key }) => key.startsWith(prefix))
  return xmlReply(
    xmlDocument('ListMultipartUploadsResult', {
      Bucket: bucket,
      Prefix: prefix,
      MaxUploads: 1000,
      IsTruncated: false,
      Upload: list.map(({ key, id, started }) => ({
        Key: key,
        UploadId: id,
        Initiator: owner(request),
        Owner: owner(request),
        StorageClass: 'STANDARD',
        Initiated: started,
      })),
    }),
  )
}

async function deleteObjects({ store }: S3Context, request: AwsRequest, bucket: string): Promise<AwsReply> {
  const document = readXml(await readBody(request, 4 * 2 ** 20), 'Delete')
  const asked = elementsOf(document, 'Object').map(({ Key: key, VersionId: version }) => ({ key, version }))
  if (asked.length === 0 || asked.length > 1000) throw malformed()
  if (asked.some(({ key }) => typeof key !== 'string' || key === '')) throw malformed()
  const deleted: XmlContent[] = []
  const failed: XmlContent[] = []
  for (const { key = '', version } of asked) {
    const named = { Key: key, VersionId: version }
    if (version === undefined || version === onlyVersion) {
      await store.remove(bucket, key)
      deleted.push(named)
    } else failed.push({ ...named, Code: 'NoSuchVersion', Message: 'The specified version does not exist.' })
  }
  const quiet = document['Quiet'] === 'true'
  return xmlReply(xmlDocument('DeleteResult', { Deleted: quiet ? undefined : deleted, Error: failed }))
}

const owner = ({ identity }: AwsRequest): { ID: string; DisplayName: string } => ({
  ID: identity.account,
  DisplayName: identity.user,
})

/** The owner may do everything, and nobody else is named. */
export function accessControl(request: AwsRequest): string {
  return xmlDocument('AccessControlPolicy', {
    Owner: owner(request),
    AccessControlList: { Grant: { Grantee: owner(request), Permission: 'FULL_CONTROL' } },
  })
}
