import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type ChecksumAlgorithm,
  type CompleteMultipartUploadCommandOutput,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addressOf } from './s3-request.ts'
import { accessKeyId, secretAccessKey, startAwsServer, type TestServer } from '../testing/start-aws-server.ts'

let server: TestServer
let s3: S3Client

beforeAll(async () => {
  server = await startAwsServer()
  s3 = client()
  await s3.send(new CreateBucketCommand({ Bucket: 'training' }))
})

afterAll(async () => {
  s3.destroy()
  await server[Symbol.asyncDispose]()
})

afterEach(() => {
  if (server.failures.length > 0) throw new Error('the server failed', { cause: server.failures[0] })
})

function client(options: { secret?: string; forcePathStyle?: boolean; endpoint?: string } = {}): S3Client {
  return new S3Client({
    endpoint: options.endpoint ?? server.endpoint,
    region: 'us-west-2',
    forcePathStyle: options.forcePathStyle ?? true,
    credentials: { accessKeyId, secretAccessKey: options.secret ?? secretAccessKey },
    maxAttempts: 1,
  })
}

const Bucket = 'training'
const put = (Key: string, Body: string | Buffer): Promise<unknown> =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }))
const text = async (Key: string): Promise<string> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  return (await Body?.transformToString()) ?? ''
}

test('an object is answered as it was put, with its headers', async () => {
  const Body = '{"messages":[]}\n'.repeat(1000)
  const answer = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'data/train.jsonl',
      Body,
      ContentType: 'application/jsonl',
      CacheControl: 'no-store',
      Metadata: { owner: 'claims' },
    }),
  )
  const md5 = createHash('md5').update(Body).digest('hex')
  expect(answer.ETag).toBe(`"${md5}"`)
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'data/train.jsonl' }))
  expect(await got.Body?.transformToString()).toBe(Body)
  expect(got).toMatchObject({
    ContentType: 'application/jsonl',
    CacheControl: 'no-store',
    Metadata: { owner: 'claims' },
    ContentLength: Body.length,
    ETag: `"${md5}"`,
  })
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'data/train.jsonl' }))
  expect(head.LastModified?.getTime()).toBeGreaterThan(Date.now() - 60_000)
})

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] satisfies ChecksumAlgorithm[])(
  'the checksum %s of a stream is checked and kept',
  async (ChecksumAlgorithm) => {
    const body = Buffer.alloc(300_000, 'a stream of bytes ')
    await new Upload({
      client: s3,
      params: { Bucket, Key: `sum-${ChecksumAlgorithm}`, Body: Readable.from([body]), ChecksumAlgorithm },
    }).done()
    const got = await s3.send(
      new GetObjectCommand({ Bucket, Key: `sum-${ChecksumAlgorithm}`, ChecksumMode: 'ENABLED' }),
    )
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(body)
    expect(got[`Checksum${ChecksumAlgorithm}`]).toMatch(/=$|^[\w+/]+$/)
  },
)

test('a wrong checksum is refused, and leaves what was there', async () => {
  await put('kept', 'first')
  await expect(
    s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'second', ChecksumCRC32: 'AAAAAA==' })),
  ).rejects.toMatchObject({ name: 'BadDigest' })
  expect(await text('kept')).toBe('first')
})

test('ranges and conditions of a read', async () => {
  await put('digits', '0123456789')
  const range = async (Range: string): Promise<string | undefined> =>
    (await s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }))).Body?.transformToString()
  expect(await range('bytes=2-4')).toBe('234')
  expect(await range('bytes=7-')).toBe('789')
  expect(await range('bytes=-2')).toBe('89')
  await expect(range('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' })
  const ETag = `"${createHash('md5').update('0123456789').digest('hex')}"`
  await expect(
    s3.send(new GetObjectCommand({ Bucket, Key: 'digits', IfNoneMatch: ETag })),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
  await expect(
    s3.send(new GetObjectCommand({ Bucket, Key: 'digits', IfMatch: '"other"' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailed' })
})

test('a write can be bound to what is there', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'a', IfNoneMatch: '*' }))
  await expect(
    s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'b', IfNoneMatch: '*' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailed' })
  expect(await text('once')).toBe('a')
})

describe('keys', () => {
  const keys = ['a b+c&d=%/ä€𝄞.jsonl', 'A', 'a', 'dots/../up', './here', 'a//b', 'plus+', "quote'(1)*!~"]

  test.each(keys)('%s', async (Key) => {
    await put(Key, `content of ${Key}`)
    expect(await text(Key)).toBe(`content of ${Key}`)
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }))
    expect(Contents?.map((each) => each.Key)).toContain(Key)
    await s3.send(new DeleteObjectCommand({ Bucket, Key }))
    await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  test('one of the greatest length', async () => {
    const Key = 'k'.repeat(1024)
    await put(Key, 'long')
    expect(await text(Key)).toBe('long')
    await expect(put(`${Key}k`, 'too long')).rejects.toMatchObject({ name: 'KeyTooLongError' })
  })
})

test('a list is paged, in byte order, folded at the delimiter', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'listed' }))
  const keys = ['Z', 'a', 'logs/1', 'logs/2', 'logs/3/x', 'z', 'ä']
  for (const Key of keys.toReversed()) {
    await s3.send(new PutObjectCommand({ Bucket: 'listed', Key, Body: Key }))
  }
  const found: string[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: 'listed',
        MaxKeys: 2,
        ...(ContinuationToken && { ContinuationToken }),
      }),
    )
    found.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''))
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
  expect(found).toEqual(keys)
  const folded = await s3.send(new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '/', MaxKeys: 3 }))
  expect(folded.Contents?.map(({ Key }) => Key)).toEqual(['Z', 'a'])
  expect(folded.CommonPrefixes).toEqual([{ Prefix: 'logs/' }])
  const rest = await s3.send(
    new ListObjectsV2Command({
      Bucket: 'listed',
      Delimiter: '/',
      ContinuationToken: folded.NextContinuationToken,
    }),
  )
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['z', 'ä'])
  expect(rest.CommonPrefixes).toBeUndefined()
  // Of another bucket, of no list, and of the list of buckets.
  const { NextContinuationToken: own } = folded
  const incorrect = { name: 'InvalidArgument', message: 'The continuation token provided is incorrect' }
  for (const command of [
    new ListObjectsV2Command({ Bucket, ContinuationToken: own }),
    new ListObjectsV2Command({ Bucket, ContinuationToken: 'bm90LWEta2V5' }),
    new ListBucketsCommand({ ContinuationToken: own }),
  ]) {
    await expect(s3.send(command as ListObjectsV2Command)).rejects.toMatchObject(incorrect)
  }
})

test('an object is copied with its metadata, and several are deleted at once', async () => {
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'from here', Body: 'copied', Metadata: { note: 'kept' } }),
  )
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from%20here` }))
  const copy = await s3.send(new GetObjectCommand({ Bucket, Key: 'to' }))
  expect(await copy.Body?.transformToString()).toBe('copied')
  expect(copy.Metadata).toEqual({ note: 'kept' })
  const deleted = await s3.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: 'from here' }, { Key: 'to' }, { Key: 'none' }] },
    }),
  )
  expect(deleted.Deleted?.length).toBe(3)
  await expect(text('to')).rejects.toMatchObject({ name: 'NoSuchKey' })
})

test('an object is its only version: what means another gets and removes nothing', async () => {
  await put('versions/one', 'first')
  await put('versions/two', 'second')
  const place = { Bucket, Key: 'versions/one' }
  const first = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'versions/', MaxKeys: 1 }))
  expect(first).toMatchObject({ IsTruncated: true, NextVersionIdMarker: 'null' })
  const rest = await s3.send(
    new ListObjectVersionsCommand({ Bucket, Prefix: 'versions/', KeyMarker: first.NextKeyMarker }),
  )
  const versions = [...(first.Versions ?? []), ...(rest.Versions ?? [])]
  expect(versions).toMatchObject([
    { Key: 'versions/one', VersionId: 'null', IsLatest: true, Size: 5 },
    { Key: 'versions/two', VersionId: 'null', IsLatest: true, Size: 6 },
  ])
  expect(rest.IsTruncated).toBe(false)

  const other = { ...place, VersionId: 'L4kqtJlcpXroDTDmpUMLUo' }
  const copy = {
    Bucket,
    Key: 'versions/copy',
    CopySource: `${Bucket}/versions/one?versionId=${other.VersionId}`,
  }
  for (const command of [
    new GetObjectCommand(other),
    new DeleteObjectCommand(other),
    new CopyObjectCommand(copy),
  ]) {
    await expect(s3.send(command as GetObjectCommand)).rejects.toMatchObject({ name: 'NoSuchVersion' })
  }
  const refused = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [other] } }))
  expect(refused.Errors).toMatchObject([{ Key: 'versions/one', Code: 'NoSuchVersion' }])
  expect(await text('versions/one')).toBe('first')

  expect((await s3.send(new GetObjectCommand({ ...place, VersionId: 'null' }))).ContentLength).toBe(5)
  await s3.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: versions.map(({ Key, VersionId }) => ({ Key, VersionId })) },
    }),
  )
  expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'versions/' }))).KeyCount).toBe(0)
})

test('a part of an object is not asked for by its number', async () => {
  await put('whole', 'whole')
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'whole', PartNumber: 2 }))).rejects.toMatchObject({
    name: 'NotImplemented',
  })
})

test('a form that a browser would send is told of what can be used instead', async () => {
  const form = new FormData()
  form.set('key', 'posted')
  form.set('file', new Blob(['bytes']), 'a.txt')
  const answer = await fetch(`${server.endpoint}/${Bucket}`, { method: 'POST', body: form })
  expect(answer.status).toBe(501)
  expect(await answer.text()).toMatch(/<Code>NotImplemented<[^]*presigned PUT/)
})

test('an upload in parts becomes one object', async () => {
  const body = Buffer.alloc(12 * 2 ** 20)
  for (let at = 0; at < body.length; at += 4096) body.writeUInt32LE(at, at)
  const upload = new Upload({
    client: s3,
    params: { Bucket, Key: 'large', Body: Readable.from([body]) },
    partSize: 5 * 2 ** 20,
  })
  const done = await upload.done()
  expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/)
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }))
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true)
})

test('an upload whose answer was lost is completed once more with the same answer', async () => {
  const place = { Bucket, Key: 'twice' }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place))
  const { ETag } = await s3.send(
    new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'the only one' }),
  )
  const complete = (tag = ETag): Promise<CompleteMultipartUploadCommandOutput> =>
    s3.send(
      new CompleteMultipartUploadCommand({
        ...place,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: tag }] },
      }),
    )
  const first = await complete()
  const { $metadata: _, ...again } = await complete()
  expect(first).toMatchObject(again)
  expect(again.ETag).toMatch(/^"[0-9a-f]{32}-1"$/)
  await expect(complete('"00000000000000000000000000000000"')).rejects.toMatchObject({ name: 'NoSuchUpload' })
  await put('twice', 'something else')
  await expect(complete()).rejects.toMatchObject({ name: 'NoSuchUpload' })
  expect(await text('twice')).toBe('something else')
})

test('an upload that is under way shows its parts, and is forgotten when it is aborted', async () => {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))
  await s3.send(new UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber: 3, Body: 'three' }))
  const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key: 'parts', UploadId }))
  expect(Parts).toMatchObject([{ PartNumber: 3, Size: 5 }])
  await expect(text('parts')).rejects.toMatchObject({ name: 'NoSuchKey' })
})

test('buckets are listed, found, and removed when they are empty', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'short-lived' }))
  const { Buckets } = await s3.send(new ListBucketsCommand({}))
  expect(Buckets?.map(({ Name }) => Name)).toContain('short-lived')
  const page = await s3.send(new ListBucketsCommand({ MaxBuckets: 1 }))
  const all = Buckets?.map(({ Name }) => Name) ?? []
  expect(page.Buckets?.map(({ Name }) => Name)).toEqual(all.slice(0, 1))
  const next = await s3.send(new ListBucketsCommand({ ContinuationToken: page.ContinuationToken }))
  expect(next.Buckets?.map(({ Name }) => Name)).toEqual(all.slice(1))
  expect(next.ContinuationToken).toBeUndefined()
  const named = await s3.send(new ListBucketsCommand({ Prefix: 'train' }))
  expect(named.Buckets?.map(({ Name }) => Name)).toEqual([Bucket])
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketNotEmpty' })
  await s3.send(new DeleteBucketCommand({ Bucket: 'short-lived' }))
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'short-lived' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  })
  await expect(s3.send(new CreateBucketCommand({ Bucket: 'Not_A_Bucket' }))).rejects.toMatchObject({
    name: 'InvalidBucketName',
  })
})

test.each([
  ['training.localhost:4290', '/data/a.jsonl'],
  ['training.s3.us-west-2.amazonaws.com', '/data/a.jsonl'],
  ['localhost:4290', '/training/data/a.jsonl'],
  ['127.0.0.1:4290', '/training/data/a.jsonl'],
  ['s3.amazonaws.com', '/training/data/a.jsonl'],
])('a bucket is named by host or by path: %s%s', (host, path) => {
  expect(addressOf({ host, path })).toEqual({ bucket: 'training', key: 'data/a.jsonl' })
})

test('a wrong secret opens nothing', async () => {
  const stranger = client({ secret: 'guessed' })
  await expect(stranger.send(new ListBucketsCommand({}))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
    $metadata: { httpStatusCode: 403 },
  })
  stranger.destroy()
})
