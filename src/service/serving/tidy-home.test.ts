import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../store/database/open-database.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import type { Database } from '../../store/database/tables.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { MultipartUploads } from '../../store/objects/multipart-uploads.ts'
import { enterHome } from '../../store/present-servers.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'
import { tidyHome, type TidyHome } from './tidy-home.ts'

let home: string
let database: Database
let objects: FileObjectStore
let removed: string[]
let options: TidyHome

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hone-tidy-'))
  database = await openDatabase({ location: join(home, 'hone.db') })
  objects = new FileObjectStore(join(home, 's3'))
  removed = []
  options = {
    home,
    objects,
    models: new ResourceStore<ServedModel>(database, 'model'),
    removeModel: (id) => Promise.resolve(void removed.push(id)),
    isOpen: (id) => Promise.resolve(id === 'open'),
  }
})
afterEach(async () => {
  await database.destroy()
  await rm(home, { recursive: true, force: true })
})

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}

/** As if it had been written an hour ago. */
async function age(path: string): Promise<void> {
  const then = new Date(Date.now() - 3_600_000)
  for (const name of await readdir(path, { recursive: true })) await utimes(join(path, name), then, then)
  await utimes(path, then, then)
}

test('what a dead server left goes; objects, open uploads, and what is new stay', async () => {
  await objects.createBucket('kept')
  await objects.put('kept', 'a/b', bytes('object'))
  const uploads = new MultipartUploads(objects)
  const upload = await uploads.create('kept', {
    key: 'c',
    contentType: '',
    headers: {},
    metadata: {},
    checksumAlgorithm: 'crc32',
    checksumType: 'COMPOSITE',
  })
  await uploads.putPart('kept', upload, 1, bytes('part'), () => ({}))
  const folder = join(home, 's3', 'kept')
  // Bytes that were being written, a file that was not renamed, an upload and a bucket half removed.
  await objects.writeContent('kept', bytes('nobody names it'))
  await writeFile(join(folder, 'objects', 'x.json.0a1b2c3d.tmp'), '{')
  await mkdir(join(folder, 'uploads', 'half'))
  await writeFile(join(folder, 'uploads', 'half', 'part-00001.json'), '{"content":"x"}')
  await mkdir(join(home, 's3', 'half', 'objects'), { recursive: true })
  // A folder of objects without its mark is somebody's.
  await mkdir(join(home, 's3', 'unmarked', 'objects'), { recursive: true })
  await writeFile(join(home, 's3', 'unmarked', 'objects', 'a.json'), '{}')
  for (const id of ['open', 'ended']) await mkdir(join(home, 'jobs', id), { recursive: true })
  await mkdir(join(home, 'models', '.old.removed'), { recursive: true })
  await mkdir(join(home, 'models', '.half.0a1b2c3d.tmp', 'data'), { recursive: true })
  await age(home)
  const before = Date.now() - 60_000
  await mkdir(join(home, 'models', '.young.0a1b2c3d.tmp'))
  await objects.writeContent('kept', bytes('somebody is about to name it'))
  await writeFile(join(folder, 'objects', 'y.json.0a1b2c3d.tmp'), '{')

  await tidyHome(options, before)
  expect(await readdir(join(home, 's3'))).toEqual(['kept', 'unmarked'])
  expect(await readdir(join(folder, 'bytes'))).toHaveLength(3)
  expect((await readdir(join(folder, 'objects'))).filter((name) => name.endsWith('.tmp'))).toEqual([
    'y.json.0a1b2c3d.tmp',
  ])
  expect(await readdir(join(folder, 'uploads'))).toEqual([upload.id])
  expect(await readdir(join(home, 'jobs'))).toEqual(['open'])
  expect(await readdir(join(home, 'models'))).toEqual(['.young.0a1b2c3d.tmp'])
  const { body } = await objects.get('kept', 'a/b')
  expect(Buffer.concat(await body.toArray()).toString()).toBe('object')
  expect(await uploads.parts('kept', upload)).toHaveLength(1)
})

test('a removal that was begun is gone on with', async () => {
  // The files of the second are those of a copy that stays.
  for (const [id, state, homeId] of [
    ['a', 'removing', 'custom-a'],
    ['b', 'removing', 'custom-b'],
    ['c', 'active', 'custom-b'],
  ] as const) {
    await options.models.add({ id, name: id, state, parent: null, document: { homeId } as ServedModel })
  }
  await tidyHome(options, Date.now())
  expect(removed).toEqual(['custom-a'])
  expect((await options.models.list({ limit: 9 })).map(({ id }) => id)).toEqual(['c'])
})

test('a server knows whether it is alone in a home', async () => {
  const first = await enterHome(home)
  expect(first.isAlone).toBe(true)
  const second = await enterHome(home)
  expect(second.isAlone).toBe(false)
  await first[Symbol.asyncDispose]()
  await second[Symbol.asyncDispose]()
  expect(await readdir(join(home, 'servers'))).toEqual([])
  // One that was killed, one that lived in a container with this process's number, one of another machine.
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const write = (name: string, holder: string): Promise<void> =>
    writeFile(join(home, 'servers', name), holder)
  await write('killed', `${dead} killed ${hostname()}`)
  await write('before', `${process.pid} before ${hostname()}`)
  await using third = await enterHome(home)
  expect(third.isAlone).toBe(true)
  expect(existsSync(join(home, 'servers', 'killed'))).toBe(false)
  await write('elsewhere', `1 elsewhere other-${hostname()}`)
  await using fourth = await enterHome(home)
  expect(fourth.isAlone).toBe(false)
})
