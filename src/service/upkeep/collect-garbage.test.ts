import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importModel } from '../../engine/weights/import-model.ts'
import { tinyGguf } from '../../engine/weights/testing/hugging-face-folder.ts'
import { lockOwner } from '../../lib/lock-holder.ts'
import { AuditLog } from '../../store/database/audit-log.ts'
import { JobQueue } from '../../store/database/job-queue.ts'
import { KeyStore } from '../../store/database/key-store.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import { Replays } from '../../store/database/replays.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import type { Database } from '../../store/database/tables.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { MultipartUploads } from '../../store/objects/multipart-uploads.ts'
import { cacheKeysOf } from '../models/cache-keys.ts'
import { responseKind } from '../responses/stored-responses.ts'
import { collectGarbage, type CollectedGarbage } from './collect-garbage.ts'

const day = 24 * 3_600_000
let home: string
let database: Database
const now = Date.now()

/** A file of so many bytes that was last used so many days ago. */
function put(path: string, bytes: number, days: number): void {
  const file = join(home, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'x'.repeat(bytes))
  const time = new Date(now - days * day)
  utimesSync(file, time, time)
  utimesSync(dirname(file), time, time)
}

const isThere = (path: string): boolean => existsSync(join(home, path))
const collect = (dryRun: boolean, cacheBytes = 1e9): Promise<CollectedGarbage> =>
  collectGarbage({ home, database, now }, { dryRun, cacheBytes })
const counts = ({ swept }: CollectedGarbage): object =>
  Object.fromEntries(swept.flatMap(({ kind, count, bytes }) => (count === 0 ? [] : [[kind, [count, bytes]]])))

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hone-gc-'))
  database = await openDatabase({ location: join(home, 'hone.db') })
})
afterAll(async () => {
  await database.destroy()
  await rm(home, { recursive: true, force: true })
})

test('frees what nothing needs, says so, and keeps the rest', async () => {
  const objects = new FileObjectStore(join(home, 's3'))
  await objects.createBucket('data')
  await objects.put('data', 'kept', Readable.from([Buffer.from('kept')]))
  put('s3/data/bytes/11111111-nobody', 10, 1)
  const uploads = new MultipartUploads(objects)
  const upload = {
    key: 'big',
    contentType: 'text/plain',
    headers: {},
    metadata: {},
    checksumAlgorithm: 'crc32',
    checksumType: 'FULL_OBJECT',
  } as const
  await uploads.create('data', upload)
  const past = { id: 'f'.repeat(32), started: new Date(now - 8 * day).toISOString(), ...upload }
  put(`s3/data/uploads/${past.id}/upload.json`, 0, 8)
  writeFileSync(join(home, `s3/data/uploads/${past.id}/upload.json`), JSON.stringify({ schema: 1, ...past }))

  const keys = new KeyStore(database, () => now - 2 * day)
  const { id: longLived } = await keys.createPair({ user: 'me', allow: ['*'] })
  await keys.createPair({ user: 'me', allow: ['*'] }, { seconds: 900 })

  const request = { name: 'job' }
  await new Replays(database, () => now - 31 * day).keep('create', 'old', request, {})
  await new Replays(database, () => now - 29 * day).keep('create', 'young', request, {})
  const response = { name: '', state: 'ready', parent: null, document: {} }
  for (const [id, days] of [
    ['old', 31],
    ['new', 29],
  ] as const) {
    const responses = new ResourceStore(database, responseKind, () => now - days * day)
    await responses.add({ ...response, id, name: id })
  }
  await new ResourceStore(database, 'file', () => now - 31 * day).add({ ...response, id: 'f', name: 'f' })
  const entry = { keyId: longLived, action: 'create', resource: 'job', outcome: '201' }
  await new AuditLog(database, () => now - 91 * day).add(entry)
  await new AuditLog(database, () => now - 89 * day).add(entry)

  const queue = new JobQueue(database)
  const job = { kind: 'tune', owner: 'me', spec: {}, progress: {} }
  await queue.add({ id: 'waits', name: 'waits', ...job })
  put('jobs/waits/train.jsonl', 20, 2)
  put('jobs/gone/train.jsonl', 30, 2)

  put('cache/downloads/broken/part', 40, 2)
  put('cache/downloads/held/part', 40, 2)
  writeFileSync(join(home, 'cache/downloads/held.lock'), lockOwner('x'))

  const { manifest } = await importModel(tinyGguf, { home, id: 'tiny' })
  const [key = ''] = await cacheKeysOf(home, join(home, 'models', manifest.id))
  expect(key).not.toBe('')
  put(`cache/weights/${key}.v1.fp32`, 100, 3)
  put(`cache/weights/${key}.v1.json`, 1, 3)
  put('cache/weights/nobody.v1.fp32', 200, 3)
  put('cache/weights/graph-old.onnx', 50, 31)
  put('cache/weights/graph-new.onnx', 50, 3)
  put('models/.x.0123abcd.tmp/job.json', 60, 2)
  put('models/young.0123abcd.tmp', 60, 0)

  const expected = {
    objects: [1, 10],
    uploads: [1, 0],
    'job-data': [1, 30],
    sessions: [1, 0],
    replays: [1, 0],
    responses: [1, 0],
    downloads: [1, 40],
    weights: [1, 200],
    graphs: [1, 50],
    temporary: [1, 60],
  }
  const before = readdirSync(home, { recursive: true }).length
  const planned = await collect(true)
  expect(counts(planned)).toEqual(expected)
  expect(readdirSync(home, { recursive: true })).toHaveLength(before)

  const done = await collect(false)
  expect({ ...done, dryRun: true }).toEqual(planned)
  expect(done.bytes).toBe(390)
  const gone = [
    's3/data/bytes/11111111-nobody',
    `s3/data/uploads/${past.id}`,
    'jobs/gone',
    'cache/downloads/broken',
    'cache/weights/nobody.v1.fp32',
    'cache/weights/graph-old.onnx',
    'models/.x.0123abcd.tmp',
  ]
  expect(gone.filter((path) => isThere(path))).toEqual([])
  const kept = [
    'jobs/waits/train.jsonl',
    'cache/downloads/held/part',
    `cache/weights/${key}.v1.fp32`,
    'cache/weights/graph-new.onnx',
    'models/young.0123abcd.tmp',
  ]
  expect(kept.filter((path) => !isThere(path))).toEqual([])
  expect((await objects.head('data', 'kept')).bytes).toBe(4)
  expect(await uploads.list('data')).toHaveLength(1)
  expect((await keys.list()).map(({ id }) => id)).toEqual([longLived])
  expect(await new Replays(database).find('create', 'young', request)).toEqual({})
  expect(counts(await collect(false))).toEqual({})

  // What somebody did is kept until an age is named.
  const old = { dryRun: true, cacheBytes: 1e9, auditDays: 90 }
  expect(counts(await collectGarbage({ home, database, now }, old))).toEqual({ audit: [1, 0] })
  await collectGarbage({ home, database, now }, { ...old, dryRun: false })
  expect(await new AuditLog(database).list({ limit: 9 })).toHaveLength(1)

  // Over the bound, weights of a model that is there go too; they are made again.
  expect(counts(await collect(false, 50))).toEqual({ weights: [2, 101] })
  expect(statSync(join(home, 'models', manifest.id, 'manifest.json')).isFile()).toBe(true)
})
