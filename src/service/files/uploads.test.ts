import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { atomically } from '../../store/database/atomically.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import type { Database } from '../../store/database/tables.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { fileIdOf, filesBucket, FileService, FileTooLarge, type ReceivedFile } from './file-service.ts'
import { UploadService } from './upload-service.ts'

let folder: string
let database: Database
let objects: FileObjectStore
let files: FileService
let uploads: UploadService
let now: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-files-'))
  database = await openDatabase({ location: join(folder, 'hone.db') })
  objects = new FileObjectStore(join(folder, 's3'))
  now = 1_000_000
  const clock = (): number => now
  files = new FileService({
    objects,
    store: new ResourceStore(database, 'file', clock),
    makeBucket: () => objects.createBucket(filesBucket),
    now: clock,
  })
  uploads = new UploadService({
    files,
    uploads: new ResourceStore(database, 'upload', clock),
    parts: new ResourceStore(database, 'upload-part', clock),
    atomically: (action) => atomically(database, action),
    now: clock,
  })
})
afterEach(async () => {
  await database.destroy()
  await rm(folder, { recursive: true, force: true })
})

async function* bytes(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

const received = (...texts: readonly string[]): Promise<ReceivedFile> =>
  files.receive(bytes(...texts), { filename: 'A.JSONL', contentType: 'text/plain', largest: 10 })

const keys = async (): Promise<string[]> =>
  (await objects.list(filesBucket, { limit: 100 })).objects.map(({ key }) => key)

const upload = {
  filename: 'a.jsonl',
  contentType: 'text/plain',
  bytes: 6,
  purpose: 'batch',
  owner: 'me',
  expiresAt: null,
}

test('a file is read by its address until it expires, and its bytes go then', async () => {
  const file = await files.keep(await received('abc', 'def'), {
    purpose: 'batch',
    owner: 'me',
    expiresAt: now + 1000,
  })
  expect(file.document).toMatchObject({ filename: 'A.JSONL', bytes: 6, key: `${file.id}.jsonl` })
  expect(fileIdOf(files.uri(file))).toBe(file.id)
  expect(await files.sweep()).toBe(0)
  now += 1000
  expect(await files.find(file.id)).toBeUndefined()
  expect(await files.sweep()).toBe(1)
  expect(await keys()).toEqual([])
})

test('more bytes than may be are no file', async () => {
  await expect(received('0123456789', 'x')).rejects.toThrow(FileTooLarge)
  expect(await keys()).toEqual([])
})

test('what is made under an id is made once, and not again when it was removed', async () => {
  const kept = { filename: 'a.csv', contentType: 'text/csv', purpose: 'results', owner: 'me' }
  const first = await files.write('job', 'one', kept)
  expect(await files.write('job', 'one', kept)).toEqual(first)
  expect(await files.remove(first)).toBe(true)
  expect(await files.find('job')).toBeUndefined()
  expect(await files.wasMade('job')).toBe(true)
  expect(await files.list({ limit: 10 })).toHaveLength(1)
  expect((await files.list({ limit: 10 })).filter((file) => files.isThere(file))).toEqual([])
})

test('addresses of other buckets name no file', () => {
  for (const uri of ['s3://tuning/abc.jsonl', 's3://hone-files/a/b', 's3://hone-files/', 'x']) {
    expect(fileIdOf(uri)).toBeUndefined()
  }
})

test('an upload that is never completed takes no part after its hour, and its parts go', async () => {
  const pending = await uploads.create(upload)
  await uploads.addPart(pending, await received('abc'))
  expect(await uploads.sweep()).toBe(0)
  now += 3_600_000
  expect(uploads.stateOf(pending)).toBe('expired')
  await expect(uploads.addPart(pending, await received('def'))).rejects.toMatchObject({ code: 'E_DATA' })
  expect(await uploads.sweep()).toBe(1)
  expect(await keys()).toEqual([])
  expect(await uploads.find(pending.id)).toMatchObject({ state: 'expired' })
})

test('completed again, because the answer was lost, an upload is the same file', async () => {
  const pending = await uploads.create(upload)
  const part = await uploads.addPart(pending, await received('abcdef'))
  const file = await uploads.complete(pending, [part.id])
  const ended = (await uploads.find(pending.id))!
  expect(await uploads.complete(ended, [part.id])).toEqual(file)
  await files.remove(file)
  await expect(uploads.complete(ended, [part.id])).rejects.toMatchObject({ code: 'E_DATA' })
})

test('parts that a killed server left behind an upload that has ended go', async () => {
  const pending = await uploads.create(upload)
  await uploads.addPart(pending, await received('abc'))
  await new ResourceStore(database, 'upload').change(pending.id, { state: 'completed' })
  expect(await uploads.sweep()).toBe(0)
  expect(await keys()).toEqual([])
})

test('parts of another upload are not joined', async () => {
  const [one, other] = [await uploads.create(upload), await uploads.create(upload)]
  const part = await uploads.addPart(other, await received('abcdef'))
  await expect(uploads.complete(one, [part.id])).rejects.toMatchObject({ code: 'E_DATA' })
  const file = await uploads.complete(other, [part.id])
  expect(await uploads.find(other.id)).toMatchObject({ state: 'completed', document: { fileId: file.id } })
  expect(await keys()).toEqual([file.document.key])
})
