import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Kysely, Migration } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { lockOwner } from '../../lib/lock-holder.ts'
import { JobQueue } from '../../store/database/job-queue.ts'
import { KeyStore } from '../../store/database/key-store.ts'
import { migrations, openDatabase } from '../../store/database/open-database.ts'
import { readSnapshot, type DatabaseSnapshot, type TableName } from '../../store/database/table-rows.ts'
import type { Database } from '../../store/database/tables.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { MultipartUploads } from '../../store/objects/multipart-uploads.ts'
import { enterHome } from '../../store/present-servers.ts'
import { startPostgres, type Postgres } from '../../store/testing/start-postgres.ts'
import { backupHome, type MadeBackup } from './backup-home.ts'
import type { BackupManifest } from './backup-manifest.ts'
import { restoreHome, type RestoredHome } from './restore-home.ts'

const postgres: Postgres | undefined = await startPostgres()
if (postgres === undefined) process.stderr.write('backups of Postgres are not tested: it is not installed\n')
const root = await mkdtemp(join(tmpdir(), 'hone-backup-'))

afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

let folders = 0
const newFolder = (): string => join(root, String(++folders))

interface Filled extends AsyncDisposable {
  readonly home: string
  readonly database: Database
  readonly keyId: string
  readonly objects: FileObjectStore
  backup(to: string): Promise<MadeBackup>
}

const write = (home: string, path: string, content: string): void => {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), content)
}

/** A home with something of everything. */
async function filledHome(location?: string, models = 3): Promise<Filled> {
  const home = newFolder()
  mkdirSync(home)
  const database = await openDatabase({ location: location ?? join(home, 'hone.db') })
  const { id: keyId } = await new KeyStore(database).createPair({ user: 'me', allow: ['*'] })
  const queue = new JobQueue<{ n: number }, { step: number }>(database)
  await queue.add({
    id: 'j1',
    kind: 'tune',
    name: "it's “a” job",
    owner: 'me',
    spec: { n: 1 },
    progress: { step: 0 },
  })
  const values = Array.from({ length: models }, (_, n) => ({
    id: `m${n}`,
    kind: 'model',
    name: `model ${n}`,
    state: 'active',
    parent: null,
    document: JSON.stringify({ n }),
    created_at: n,
    updated_at: n,
  }))
  await database.insertInto('resources').values(values).execute()
  const objects = new FileObjectStore(join(home, 's3'))
  await objects.createBucket('data')
  await objects.put('data', 'a/b c.jsonl', Readable.from([Buffer.from('first')]))
  const uploads = new MultipartUploads(objects)
  const upload = await uploads.create('data', {
    key: 'big',
    contentType: 'text/plain',
    headers: {},
    metadata: {},
    checksumAlgorithm: 'crc32',
    checksumType: 'FULL_OBJECT',
  })
  await uploads.putPart('data', upload, 1, Readable.from([Buffer.from('part')]), () => ({}))
  write(home, 'models/tiny/manifest.json', '{"schema":1,"kind":"base"}')
  write(home, 'models/tiny/model.gguf', 'weights')
  write(home, 'models/running/job.json', '{}')
  write(home, 'models/running/train.lock', lockOwner('x'))
  write(home, 'models/stopped/job.json', '{}')
  write(home, 'datasets/claims/1/train.jsonl', '{}\n')
  write(home, `seals/${'a'.repeat(64)}.jsonl`, '{"schema":1,"kind":"seal"}\n')
  write(home, 'cache/weights/k.v1.fp32', 'made again')
  return {
    home,
    database,
    keyId,
    objects,
    backup: (to) => backupHome(to, { home, database, version: '0.1.0', now: new Date(0) }),
    [Symbol.asyncDispose]: () => database.destroy(),
  }
}

const restore = (
  from: string,
  home: string,
  options: Partial<Parameters<typeof restoreHome>[1]> = {},
): Promise<RestoredHome> =>
  restoreHome(from, { home, force: false, databaseOf: () => Promise.resolve(undefined), ...options })

async function rowsOf(location: string): Promise<{ keys: string[]; jobs: string[]; models: number }> {
  const database = await openDatabase({ location })
  try {
    const keys = await new KeyStore(database).list()
    const jobs = await new JobQueue(database).list({ kind: 'tune', limit: 10 })
    const models = await database.selectFrom('resources').selectAll().execute()
    const documents = models.map(({ document }) => (JSON.parse(document) as { n: number }).n)
    expect(documents.toSorted((a, b) => a - b)).toEqual(documents.map((_, n) => n))
    return { keys: keys.map(({ id }) => id), jobs: jobs.map(({ name }) => name), models: models.length }
  } finally {
    await database.destroy()
  }
}

const engines = [
  { name: 'SQLite', location: undefined, isThere: true },
  { name: 'Postgres', location: postgres?.location, isThere: postgres !== undefined },
]

describe.each(engines)('a home with $name', ({ location, isThere }) => {
  test.skipIf(!isThere)('is the same after its backup was restored elsewhere', async () => {
    // More rows than are read at once.
    await using filled = await filledHome(location, 1203)
    const to = newFolder()
    const made = await filled.backup(to)
    expect(made).toMatchObject({ folder: to, rows: 1205 })
    expect(made.leftOut).toEqual([
      { path: 'models/running', reason: 'it is being trained; a job that is restored starts anew' },
    ])
    // What comes later is not in it.
    await filled.objects.put('data', 'a/b c.jsonl', Readable.from([Buffer.from('second')]))

    const home = newFolder()
    const restored = await restore(to, home)
    expect(restored).toMatchObject({ rows: 1205, files: made.files, bytes: made.bytes, migrated: [] })
    // Rows of either engine go into the other.
    expect(await rowsOf(join(home, 'hone.db'))).toEqual({
      keys: [filled.keyId],
      jobs: ["it's “a” job"],
      models: 1203,
    })
    const objects = new FileObjectStore(join(home, 's3'))
    const { body } = await objects.get('data', 'a/b c.jsonl')
    expect(await text(body)).toBe('first')
    const uploads = new MultipartUploads(objects)
    const [upload] = await uploads.list('data')
    expect(upload).toBeDefined()
    const parts = upload === undefined ? [] : await uploads.parts('data', upload)
    expect(parts).toHaveLength(1)
    expect(await text(objects.openContent('data', parts[0]?.content ?? ''))).toBe('part')
    expect(readFileSync(join(home, 'models/tiny/model.gguf'), 'utf8')).toBe('weights')
    expect(readdirSync(join(home, 'models')).toSorted()).toEqual(['stopped', 'tiny'])
    expect(existsSync(join(home, `seals/${'a'.repeat(64)}.jsonl`))).toBe(true)
    expect(existsSync(join(home, 'datasets/claims/1/train.jsonl'))).toBe(true)
    expect(existsSync(join(home, 'cache'))).toBe(false)
    expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

test.skipIf(postgres === undefined)(
  'a database that is not empty is not written over unless told to',
  async () => {
    await using filled = await filledHome()
    const to = newFolder()
    await filled.backup(to)
    const location = postgres?.location ?? ''
    await using other = await openDatabase({ location }).then((database) => ({
      database,
      [Symbol.asyncDispose]: () => database.destroy(),
    }))
    await other.database.deleteFrom('keys').execute()
    await new KeyStore(other.database).createPair({ user: 'another', allow: ['*'] })
    const options = { databaseOf: () => Promise.resolve(location) }
    const home = newFolder()
    await expect(restore(to, home, options)).rejects.toMatchObject({
      code: 'E_EXISTS',
      message: 'the database is not empty: its table keys has rows',
    })
    expect(readdirSync(home)).toEqual([])
    await restore(to, home, { ...options, force: true })
    expect((await rowsOf(location)).keys).toEqual([filled.keyId])
    expect(existsSync(join(home, 'hone.db'))).toBe(false)
  },
)

test('objects that are replaced while they are copied are copied whole', async () => {
  await using filled = await filledHome()
  const stop = new AbortController()
  const contents = ['x'.repeat(5000), 'y'.repeat(70_000)]
  const replacing = (async () => {
    for (let at = 0; !stop.signal.aborted; at++) {
      const content = contents[at % 2] ?? ''
      await filled.objects.put('data', 'hot', Readable.from([Buffer.from(content)]))
    }
  })()
  const to = newFolder()
  for (let round = 0; round < 5; round++) await filled.backup(join(to, String(round)))
  stop.abort()
  await replacing
  for (let round = 0; round < 5; round++) {
    const home = newFolder()
    await restore(join(to, String(round)), home)
    const { head, body } = await new FileObjectStore(join(home, 's3')).get('data', 'hot')
    const content = await text(body)
    expect(contents).toContain(content)
    expect(head.bytes).toBe(content.length)
  }
})

test('nothing is written over, and no backup lies in its own home', async () => {
  await using filled = await filledHome()
  const to = newFolder()
  await filled.backup(to)
  await expect(filled.backup(to)).rejects.toMatchObject({ code: 'E_EXISTS' })
  await expect(filled.backup(join(filled.home, 'backup'))).rejects.toMatchObject({ code: 'E_USAGE' })
  await expect(restore(to, filled.home)).rejects.toMatchObject({ code: 'E_EXISTS' })
  await expect(restore(filled.home, newFolder())).rejects.toMatchObject({ code: 'E_USAGE' })
})

test('with force a home becomes what the backup is; its caches stay', async () => {
  await using filled = await filledHome()
  const to = newFolder()
  await filled.backup(to)
  const home = newFolder()
  write(home, 'models/other/manifest.json', '{}')
  write(home, 'cache/weights/k.v1.fp32', 'made again')
  await restore(to, home, { force: true })
  expect(readdirSync(join(home, 'models')).toSorted()).toEqual(['stopped', 'tiny'])
  expect(existsSync(join(home, 'cache/weights/k.v1.fp32'))).toBe(true)
})

test('a home that a server uses is not replaced, and is once the server is gone', async () => {
  await using filled = await filledHome()
  const to = newFolder()
  await filled.backup(to)
  const home = newFolder()
  write(home, 'models/other/manifest.json', '{}')
  {
    await using server = await enterHome(home)
    expect(server.isAlone).toBe(true)
    await expect(restore(to, home, { force: true })).rejects.toMatchObject({ code: 'E_LOCKED' })
    expect(readdirSync(join(home, 'models'))).toEqual(['other'])
  }
  // One that was killed leaves its file.
  write(home, 'servers/dead', '999999999 nonce ' + hostname())
  await restore(to, home, { force: true })
  expect(readdirSync(join(home, 'models')).toSorted()).toEqual(['stopped', 'tiny'])
})

test('a stopped backup leaves nothing', async () => {
  await using filled = await filledHome()
  const folder = newFolder()
  mkdirSync(folder)
  const { home, database } = filled
  const signal = AbortSignal.abort(new Error('enough'))
  const options = { home, database, version: '0.1.0', now: new Date(0), signal }
  await expect(backupHome(join(folder, 'b'), options)).rejects.toThrow('enough')
  expect(readdirSync(folder)).toEqual([])
})

describe('a backup that is not as it was written', () => {
  const damages: readonly { name: string; damage: (folder: string) => void }[] = [
    { name: 'a file changed', damage: (folder) => write(folder, 'models/tiny/model.gguf', 'weighty') },
    { name: 'a file cut', damage: (folder) => write(folder, 'database/keys.jsonl', '') },
  ]

  test.each(damages)('$name: nothing is restored', async ({ damage }) => {
    await using filled = await filledHome()
    const to = newFolder()
    await filled.backup(to)
    damage(to)
    const home = newFolder()
    await expect(restore(to, home)).rejects.toMatchObject({ code: 'E_CHECKSUM' })
    expect(readdirSync(home)).toEqual([])
  })

  test.each(['../outside', 'models/../../outside', '/etc/x', 'other/x', 'models/c:x', 'models\\..\\x'])(
    'a manifest with the path %s is none',
    async (path) => {
      const manifest: BackupManifest = {
        schema: 1,
        kind: 'backup',
        version: '0.1.0',
        createdAt: new Date(0).toISOString(),
        database: { migrations: [], tables: [] },
        files: [{ path, bytes: 0, sha256: '0'.repeat(64) }],
      }
      const folder = newFolder()
      write(folder, 'manifest.json', JSON.stringify(manifest))
      await expect(restore(folder, newFolder())).rejects.toMatchObject({
        code: 'E_USAGE',
        message: /files\/0\/path is no path of a backup/,
      })
    },
  )
})

describe('versions', () => {
  const later: Migration = {
    async up(database: Kysely<unknown>) {
      await database.schema
        .alterTable('keys')
        .addColumn('note', 'text', (column) => column.notNull().defaultTo('none'))
        .execute()
    },
  }
  const more = { ...migrations, '9999-later': later }

  test('rows of an older version are brought up to date', async () => {
    await using filled = await filledHome()
    const to = newFolder()
    await filled.backup(to)
    const home = newFolder()
    expect(await restore(to, home, { migrations: more })).toMatchObject({ migrated: ['9999-later'] })
    const database = await openDatabase({ location: join(home, 'hone.db'), migrations: more })
    expect(await database.selectFrom('keys').selectAll().execute()).toMatchObject([
      { id: filled.keyId, note: 'none' },
    ])
    await database.destroy()
  })

  test('a database and a backup of a newer version are refused', async () => {
    const home = newFolder()
    mkdirSync(home)
    const location = join(home, 'hone.db')
    const database = await openDatabase({ location, migrations: more })
    const to = newFolder()
    await backupHome(to, { home, database, version: '9.0.0', now: new Date(0) })
    await database.destroy()
    await expect(openDatabase({ location })).rejects.toMatchObject({
      code: 'E_DATABASE',
      message: /newer version: it has the migration 9999-later, and the last one here is \d{4}-/,
    })
    await expect(restore(to, newFolder())).rejects.toMatchObject({
      code: 'E_DATABASE',
      message: 'the backup is of a newer version (9.0.0): it has the migration 9999-later',
    })
  })
})

test('a backup keeps nobody from writing, and sees one moment', async () => {
  await using filled = await filledHome()
  const other = await openDatabase({ location: join(filled.home, 'hone.db') })
  const read = await readSnapshot(filled.database, async (snapshot) => {
    const before = await rowsIn(snapshot, 'keys')
    await new KeyStore(other).createPair({ user: 'meanwhile', allow: ['*'] })
    return [before, await rowsIn(snapshot, 'keys')]
  })
  expect(read).toEqual([1, 1])
  expect(await new KeyStore(other).list()).toHaveLength(2)
  await other.destroy()
})

async function rowsIn(snapshot: DatabaseSnapshot, table: TableName): Promise<number> {
  let rows = 0
  for await (const row of snapshot.rows(table)) rows += Object.keys(row).length > 0 ? 1 : 0
  return rows
}
