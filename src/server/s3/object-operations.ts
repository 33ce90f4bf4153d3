import { AwsError, type AwsReply, type AwsRequest } from '../aws/aws-request.ts'
import { isAllowed } from '../aws/identity.ts'
import { accessControl, notImplemented, xmlReply } from './bucket-operations.ts'
import { readObjectBody } from './object-body.ts'
import {
  checksumHeaders,
  headHeaders,
  putCondition,
  putOptions,
  readCondition,
  readRange,
  refusePromises,
  requireCopyCondition,
} from './object-headers.ts'
import { addressOf, requireOnlyVersion, type ObjectAddress } from './s3-request.ts'
import type { S3Context } from './s3-service.ts'
import { xmlDocument } from './s3-xml.ts'

/** A single upload is at most 5 GiB; larger ones come in parts. */
const largestPut = 5 * 2 ** 30

export async function objectOperation(
  context: S3Context,
  request: AwsRequest,
  address: ObjectAddress,
): Promise<AwsReply> {
  const { method, query, headers } = request
  requireOnlyVersion(query.get('versionId'))
  refusePromises(request)
  const unknown = [
    'acl',
    'tagging',
    'attributes',
    'retention',
    'legal-hold',
    'torrent',
    'select',
    'restore',
  ].find((name) => query.has(name))
  if (method === 'GET' && unknown === 'acl') {
    await context.store.head(address.bucket, address.key)
    return xmlReply(accessControl(request))
  }
  if (method === 'GET' && unknown === 'tagging') {
    await context.store.head(address.bucket, address.key)
    return xmlReply(xmlDocument('Tagging', { TagSet: '' }))
  }
  if (method === 'GET' && unknown === 'attributes') return objectAttributes(context, address)
  if (unknown !== undefined) throw notImplemented(unknown)
  if (method === 'GET' || method === 'HEAD') return readObject(context, request, address)
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined)
    return copyObject(context, request, address)
  if (method === 'PUT') return putObject(context, request, address)
  if (method === 'DELETE') {
    await context.store.remove(address.bucket, address.key)
    return { status: 204 }
  }
  throw new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.')
}

async function readObject(
  context: S3Context,
  request: AwsRequest,
  { bucket, key }: ObjectAddress,
): Promise<AwsReply> {
  const { store } = context
  if (request.query.has('partNumber')) throw notImplemented('partNumber')
  const head = await store.head(bucket, key)
  const whole = request.headers['range'] === undefined
  const withChecksums = whole && request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED'
  // Clients hold checksums against a body, and this answer has none.
  if (readCondition(head, request) === 304) {
    return { status: 304, headers: headHeaders(head, request.query, false) }
  }
  const headers = headHeaders(head, request.query, withChecksums)
  const range = readRange(request.headers['range'], head.bytes)
  const bytes = range === undefined ? head.bytes : range.last - range.first + 1
  const answered = {
    ...headers,
    'content-length': String(bytes),
    ...(range === undefined ? {} : { 'content-range': `bytes ${range.first}-${range.last}/${head.bytes}` }),
  }
  const status = range === undefined ? 200 : 206
  if (request.method === 'HEAD') return { status, headers: answered }
  const { head: read, body } = await store.get(bucket, key, range)
  if (read.etag === head.etag) return { status, headers: answered, body }
  // Replaced in between: ask again rather than answer with two objects' halves.
  body.destroy()
  return readObject(context, request, { bucket, key })
}

async function putObject(
  { store }: S3Context,
  request: AwsRequest,
  { bucket, key }: ObjectAddress,
): Promise<AwsReply> {
  const length = Number(request.headers['x-amz-decoded-content-length'] ?? request.headers['content-length'])
  if (length > largestPut) {
    throw new AwsError('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
      MaxSizeAllowed: String(largestPut),
    })
  }
  const condition = putCondition(request)
  const { content, complete } = await readObjectBody(request)
  const head = await store.put(bucket, key, content, {
    ...putOptions(request),
    checksumType: 'FULL_OBJECT',
    signal: request.signal,
    complete,
    ...(condition === undefined ? {} : { condition }),
  })
  return { status: 200, headers: { etag: `"${head.etag}"`, ...checksumHeaders(head) } }
}

async function copyObject(
  { store }: S3Context,
  request: AwsRequest,
  { bucket, key }: ObjectAddress,
): Promise<AwsReply> {
  const source = copySource(request)
  requireCopyCondition(await store.head(source.bucket, source.key), request)
  const { head, body } = await store.get(source.bucket, source.key)
  const replaces = request.headers['x-amz-metadata-directive'] === 'REPLACE'
  if (source.bucket === bucket && source.key === key && !replaces) {
    body.destroy()
    throw new AwsError(
      'InvalidRequest',
      400,
      'This copy request is illegal because it is trying to copy an object to itself without changing its metadata.',
    )
  }
  const kept = replaces
    ? putOptions(request)
    : { contentType: head.contentType, headers: head.headers, metadata: head.metadata }
  const copied = await store.put(bucket, key, body as AsyncIterable<Uint8Array>, {
    ...kept,
    signal: request.signal,
    complete: () => head.checksums,
    ...(head.checksumType === undefined ? {} : { checksumType: head.checksumType }),
  })
  return xmlReply(
    xmlDocument('CopyObjectResult', { ETag: `"${copied.etag}"`, LastModified: copied.modified }),
  )
}

/** The object that `x-amz-copy-source` names, which the caller must be allowed to read. */
export function copySource({ headers, identity }: AwsRequest): ObjectAddress {
  const [named = '', query] = (headers['x-amz-copy-source'] ?? '').split('?')
  requireOnlyVersion(new URLSearchParams(query).get('versionId') ?? undefined)
  const source = addressOf({ path: `/${named.replace(/^\//, '')}`, host: '' })
  if (source.bucket === '' || source.key === '') {
    throw new AwsError(
      'InvalidArgument',
      400,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    )
  }
  if (!isAllowed(identity, 's3-read', `${source.bucket}/${source.key}`)) {
    throw new AwsError('AccessDenied', 403, 'Access Denied')
  }
  return source
}

async function objectAttributes({ store }: S3Context, { bucket, key }: ObjectAddress): Promise<AwsReply> {
  const head = await store.head(bucket, key)
  const checksums = Object.entries(head.checksums).map(([name, value]) => [
    `Checksum${name.toUpperCase()}`,
    value,
  ])
  const reply = xmlReply(
    xmlDocument('GetObjectAttributesResponse', {
      ETag: head.etag,
      Checksum: { ...Object.fromEntries(checksums), ChecksumType: head.checksumType ?? 'FULL_OBJECT' },
      StorageClass: 'STANDARD',
      ObjectSize: head.bytes,
    }),
  )
  return { ...reply, headers: { ...reply.headers, 'last-modified': new Date(head.modified).toUTCString() } }
}
