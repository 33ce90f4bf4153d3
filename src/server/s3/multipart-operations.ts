import { joinedEtag, type MultipartUpload, type UploadedPart } from '../../store/objects/multipart-uploads.ts'
import { ObjectStoreError, type ObjectHead } from '../../store/objects/object-store.ts'
import type { XmlContent } from '../../wire/xml.ts'
import { AwsError, readBody, type AwsReply, type AwsRequest } from '../aws/aws-request.ts'
import { notImplemented, xmlReply } from './bucket-operations.ts'
import { checksumAlgorithm, createChecksum, type ChecksumAlgorithm } from './checksums.ts'
import { readObjectBody } from './object-body.ts'
import {
  putCondition,
  putOptions,
  readRange,
  refusePromises,
  requireCopyCondition,
} from './object-headers.ts'
import { copySource } from './object-operations.ts'
import { queryNumber, type ObjectAddress } from './s3-request.ts'
import type { S3Context } from './s3-service.ts'
import { elementsOf, malformed, readXml, xmlDocument } from './s3-xml.ts'

/** Every part but the last has at least this many bytes. */
const smallestPart = 5 * 2 ** 20
const mostParts = 10_000

export async function multipartOperation(
  context: S3Context,
  request: AwsRequest,
  address: ObjectAddress,
): Promise<AwsReply> {
  const { method, query } = request
  refusePromises(request)
  if (method === 'POST' && query.has('uploads')) return create(context, request, address)
  const { bucket, key } = address
  const upload = await context.uploads
    .find(bucket, key, query.get('uploadId') ?? '')
    .catch((error: unknown) => {
      if (method === 'POST' && error instanceof ObjectStoreError && error.fault === 'no-upload') return error
      throw error
    })
  if (upload instanceof ObjectStoreError) return completedBefore(context, request, address, upload)
  if (method === 'PUT') return putPart(context, request, address, upload)
  if (method === 'POST') return complete(context, request, address, upload)
  if (method === 'GET') return listParts(context, request, address, upload)
  if (method === 'DELETE') {
    await context.uploads.abort(address.bucket, upload)
    return { status: 204 }
  }
  throw notImplemented(`${method} on an upload`)
}

async function create(
  { uploads }: S3Context,
  request: AwsRequest,
  { bucket, key }: ObjectAddress,
): Promise<AwsReply> {
  await readBody(request, 64 * 1024)
  const algorithm = checksumAlgorithm(request.headers['x-amz-checksum-algorithm']) ?? 'crc64nvme'
  const asked = request.headers['x-amz-checksum-type']?.toUpperCase()
  const type = asked ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE')
  if (type !== 'FULL_OBJECT' && type !== 'COMPOSITE') {
    throw new AwsError('InvalidRequest', 400, `The checksum type ${type.slice(0, 40)} is not known`)
  }
  const { contentType = 'binary/octet-stream', headers = {}, metadata = {} } = putOptions(request)
  const upload = await uploads.create(bucket, {
    key,
    contentType,
    headers,
    metadata,
    checksumAlgorithm: algorithm,
    checksumType: type,
  })
  const reply = xmlReply(
    xmlDocument('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.id }),
  )
  return {
    ...reply,
    headers: {
      ...reply.headers,
      'x-amz-checksum-algorithm': algorithm.toUpperCase(),
      'x-amz-checksum-type': type,
    },
  }
}

async function putPart(
  { uploads, store }: S3Context,
  request: AwsRequest,
  { bucket }: ObjectAddress,
  upload: MultipartUpload,
): Promise<AwsReply> {
  const number = queryNumber(request.query, 'partNumber', { least: 1, most: mostParts + 1, missing: 0 })
  if (number < 1 || number > mostParts) {
    throw new AwsError(
      'InvalidArgument',
      400,
      `Part number must be an integer between 1 and ${mostParts}, inclusive`,
    )
  }
  const { signal } = request
  if (request.headers['x-amz-copy-source'] !== undefined) {
    const source = copySource(request)
    const head = await store.head(source.bucket, source.key)
    requireCopyCondition(head, request)
    const range = readRange(request.headers['x-amz-copy-source-range'], head.bytes)
    const { body } = await store.get(source.bucket, source.key, range)
    const checksum = await createChecksum(algorithmOf(upload))
    const counted = summed(body as AsyncIterable<Uint8Array>, checksum)
    const sums = (): Record<string, string> => ({ [upload.checksumAlgorithm]: checksum.digest() })
    const part = await uploads.putPart(bucket, upload, number, counted, sums, { signal })
    return xmlReply(xmlDocument('CopyPartResult', { ETag: `"${part.etag}"`, LastModified: part.modified }))
  }
  const { content, complete: finish } = await readObjectBody({
    ...request,
    headers: { 'x-amz-checksum-algorithm': upload.checksumAlgorithm, ...request.headers },
  })
  const part = await uploads.putPart(bucket, upload, number, content, finish, { signal })
  return { status: 200, headers: { etag: `"${part.etag}"`, ...checksumsOf(part) } }
}

async function* summed(
  body: AsyncIterable<Uint8Array>,
  checksum: { update(bytes: Uint8Array): void },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    checksum.update(chunk)
    yield chunk
  }
}

async function complete(
  { uploads }: S3Context,
  request: AwsRequest,
  { bucket, key }: ObjectAddress,
  upload: MultipartUpload,
): Promise<AwsReply> {
  const parts = chosenParts(await listedParts(request), await uploads.parts(bucket, upload))
  const head = await uploads.complete(
    bucket,
    upload,
    parts,
    await createChecksum(algorithmOf(upload)),
    putCondition(request),
  )
  return completedReply({ bucket, key }, head)
}

/**
 * An upload is completed once, but its answer may have been lost: whoever asks again about what is there gets it.
 *
 * @throws what says that there is no such upload
 */
async function completedBefore(
  { store }: S3Context,
  request: AwsRequest,
  address: ObjectAddress,
  unknown: ObjectStoreError,
): Promise<AwsReply> {
  const etags = (await listedParts(request)).map(partEtag)
  const head = await store.head(address.bucket, address.key).catch(() => undefined)
  if (head === undefined || etags.length === 0 || head.etag !== joinedEtag(etags)) throw unknown
  return completedReply(address, head)
}

const listedParts = async (request: AwsRequest): Promise<readonly Record<string, string>[]> =>
  elementsOf(readXml(await readBody(request, 4 * 2 ** 20), 'CompleteMultipartUpload'), 'Part')

const partEtag = ({ ETag: etag = '' }: Record<string, string>): string =>
  etag.replaceAll('&quot;', '').replaceAll('"', '')

const completedReply = ({ bucket, key }: ObjectAddress, head: ObjectHead): AwsReply =>
  xmlReply(
    xmlDocument('CompleteMultipartUploadResult', {
      Location: `/${bucket}/${key}`,
      Bucket: bucket,
      Key: key,
      ETag: `"${head.etag}"`,
      ...checksumElements(head),
      ChecksumType: head.checksumType,
    }),
  )

/** The parts that the client lists, which must be there as it knows them, in order, and large enough. */
function chosenParts(
  listed: readonly Record<string, string>[],
  there: readonly UploadedPart[],
): readonly UploadedPart[] {
  if (listed.length === 0) throw malformed()
  const byNumber = new Map(there.map((part) => [part.number, part]))
  let previous = 0
  return listed.map((asked, at) => {
    const number = Number(asked['PartNumber'])
    if (number <= previous) {
      throw new AwsError('InvalidPartOrder', 400, 'The list of parts was not in ascending order.')
    }
    previous = number
    const part = byNumber.get(number)
    if (part === undefined || part.etag !== partEtag(asked)) {
      throw new ObjectStoreError(
        'no-part',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match.',
      )
    }
    if (at < listed.length - 1 && part.bytes < smallestPart) {
      throw new AwsError(
        'EntityTooSmall',
        400,
        'Your proposed upload is smaller than the minimum allowed size',
        {
          PartNumber: String(number),
          ProposedSize: String(part.bytes),
          MinSizeAllowed: String(smallestPart),
        },
      )
    }
    return part
  })
}

async function listParts(
  { uploads }: S3Context,
  request: AwsRequest,
  { bucket, key }: ObjectAddress,
  upload: MultipartUpload,
): Promise<AwsReply> {
  const limit = queryNumber(request.query, 'max-parts', { least: 1, most: 1000, missing: 1000 })
  const after = queryNumber(request.query, 'part-number-marker', { least: 0, most: mostParts, missing: 0 })
  const all = (await uploads.parts(bucket, upload)).filter(({ number }) => number > after)
  const page = all.slice(0, limit)
  return xmlReply(
    xmlDocument('ListPartsResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.id,
      StorageClass: 'STANDARD',
      PartNumberMarker: after,
      NextPartNumberMarker: page.at(-1)?.number,
      MaxParts: limit,
      IsTruncated: page.length < all.length,
      ChecksumAlgorithm: upload.checksumAlgorithm.toUpperCase(),
      ChecksumType: upload.checksumType,
      Part: page.map((part) => ({
        PartNumber: part.number,
        LastModified: part.modified,
        ETag: `"${part.etag}"`,
        Size: part.bytes,
        ...checksumElements(part),
      })),
    }),
  )
}

const algorithmOf = (upload: MultipartUpload): ChecksumAlgorithm =>
  checksumAlgorithm(upload.checksumAlgorithm) ?? 'crc64nvme'

const checksumsOf = ({ checksums }: UploadedPart): Record<string, string> =>
  Object.fromEntries(Object.entries(checksums).map(([name, value]) => [`x-amz-checksum-${name}`, value]))

const checksumElements = ({
  checksums,
}: Pick<ObjectHead, 'checksums'>): { readonly [name: string]: XmlContent } =>
  Object.fromEntries(
    Object.entries(checksums).map(([name, value]) => [`Checksum${name.toUpperCase()}`, value]),
  )
