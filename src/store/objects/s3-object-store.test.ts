import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accessKeyId,
  secretAccessKey,
  startAwsServer,
  type TestServer,
} from '../../server/testing/start-aws-server.ts'
import { S3ObjectStore } from './s3-object-store.ts'

/** A key that may make nothing. */
const reader = {
  id: 'HONEREADERKEY',
  secret: 'of-the-reader',
  identity: {
    keyId: 'HONEREADERKEY',
    user: 'reader',
    account: '000000000000',
    arn: 'arn:aws:iam::000000000000:user/reader',
    allow: ['s3-read'],
  },
}

let server: TestServer
let store: S3ObjectStore

beforeAll(async () => {
  server = await startAwsServer({ keys: [reader] })
  await server.store.createBucket('data')
  store = new S3ObjectStore({
    endpoint: server.endpoint,
    region: 'us-west-2',
    credentials: { accessKeyId, secretAccessKey },
    partBytes: 5 * 2 ** 20,
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const chunks = (...texts: readonly (string | Buffer)[]): Readable =>
  Readable.from(texts.map((text) => Buffer.from(text)))

test('what is put is what is got, whole and in ranges', async () => {
  const head = await store.put('data', 'a/b c+d.txt', chunks('hello ', 'world'), {
    contentType: 'text/plain',
    metadata: { made: 'here' },
    headers: { 'cache-control': 'no-store' },
  })
  expect(head).toMatchObject({ bytes: 11, contentType: 'text/plain', metadata: { made: 'here' } })
  const { head: found, body } = await store.get('data', 'a/b c+d.txt')
  expect((await buffer(body)).toString()).toBe('hello world')
  expect(found.etag).toBe(head.etag)
  const part = await store.get('data', 'a/b c+d.txt', { first: 6, last: 10 })
  expect((await buffer(part.body)).toString()).toBe('world')
  expect(part.head.bytes).toBe(11)
  expect((await server.store.head('data', 'a/b c+d.txt')).headers).toMatchObject({
    'cache-control': 'no-store',
  })
})

test('nothing can be put', async () => {
  expect(await store.put('data', 'empty', chunks())).toMatchObject({ bytes: 0 })
  expect(await buffer((await store.get('data', 'empty')).body)).toHaveLength(0)
})

test('what is long is uploaded in parts', async () => {
  const bytes = Buffer.alloc(12 * 2 ** 20, 'abcdefg')
  const pieces = Array.from({ length: 12 }, (_, at) => bytes.subarray(at * 2 ** 20, (at + 1) * 2 ** 20))
  const { etag } = await store.put('data', 'long', chunks(...pieces))
  expect(etag).toMatch(/-3$/)
  expect((await buffer((await store.get('data', 'long')).body)).equals(bytes)).toBe(true)
})

test('a bucket is made once, and where that may not be done, it is said what to do', async () => {
  expect(await store.createBucket('made')).toBe(true)
  expect(await store.createBucket('made')).toBe(false)
  const { endpoint } = server
  const credentials = { accessKeyId: reader.id, secretAccessKey: reader.secret }
  const other = new S3ObjectStore({ endpoint, region: 'us-west-2', credentials })
  expect(await other.createBucket('made')).toBe(false)
  await expect(other.createBucket('more')).rejects.toMatchObject({
    code: 'E_DOWNLOAD',
    message: expect.stringContaining('has no bucket more'),
    hint: expect.stringContaining('make the bucket more there'),
  })
})

const complete = (): never => {
  throw new Error('the checksum differs')
}

test('a body that fails leaves nothing, in one piece and in parts', async () => {
  for (const count of [1, 11]) {
    async function* failing(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < count; at++) yield await Promise.resolve(Buffer.alloc(2 ** 20))
      throw new Error('the source broke')
    }
    await expect(store.put('data', 'broken', failing())).rejects.toThrow('the source broke')
    await expect(store.head('data', 'broken')).rejects.toMatchObject({ fault: 'no-key' })
  }
  await expect(store.put('data', 'broken', chunks('a'), { complete })).rejects.toThrow('the checksum differs')
  await expect(store.head('data', 'broken')).rejects.toMatchObject({ fault: 'no-key' })
})

test('conditions hold', async () => {
  const { etag } = await store.put('data', 'once', chunks('1'), { condition: { absent: true } })
  await expect(store.put('data', 'once', chunks('2'), { condition: { absent: true } })).rejects.toMatchObject(
    {
      fault: 'condition',
    },
  )
  await store.put('data', 'once', chunks('3'), { condition: { etag } })
  expect((await buffer((await store.get('data', 'once')).body)).toString()).toBe('3')
})

test('lists are in order, folded at a delimiter, and go on where they ended', async () => {
  for (const key of ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'l/d/1']) await store.put('data', key, chunks('x'))
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await store.list('data', {
      prefix: 'l/',
      delimiter: '/',
      limit: 1,
      ...(after === undefined ? {} : { after }),
    })
    seen.push(...page.objects.map(({ key }) => key), ...page.prefixes)
    after = page.next
  } while (after !== undefined)
  expect(seen).toEqual(['l/a', 'l/b/', 'l/c', 'l/d/'])
})

test('what is not there is said, and removing it is nothing', async () => {
  await expect(store.get('data', 'none')).rejects.toMatchObject({ fault: 'no-key' })
  await expect(store.get('nowhere', 'none')).rejects.toMatchObject({ fault: 'no-bucket' })
  await expect(store.put('nowhere', 'a', chunks('a'))).rejects.toMatchObject({ fault: 'no-bucket' })
  await store.remove('data', 'none')
  await store.put('data', 'gone', chunks('a'))
  await store.remove('data', 'gone')
  await expect(store.head('data', 'gone')).rejects.toMatchObject({ fault: 'no-key' })
})

test('wrong keys and a store that is not there have words of their own', async () => {
  const options = { endpoint: server.endpoint, region: 'us-west-2' }
  const stranger = new S3ObjectStore({ ...options, credentials: { accessKeyId, secretAccessKey: 'wrong' } })
  await expect(stranger.get('data', 'once')).rejects.toMatchObject({ fault: 'denied' })
  const away = new S3ObjectStore({
    ...options,
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId, secretAccessKey },
  })
  await expect(away.head('data', 'once')).rejects.toMatchObject({
    code: 'E_DOWNLOAD',
    message: expect.stringContaining('http://127.0.0.1:1'),
  })
  expect(server.failures).toEqual([])
})
