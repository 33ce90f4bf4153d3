import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { contentOf, isDeadHolder } from '../../lib/lock-holder.ts'
import { downloadsFolder, isModelId, modelsFolder, weightCacheFolder } from '../../lib/home-layout.ts'
import { AuditLog } from '../../store/database/audit-log.ts'
import { KeyStore } from '../../store/database/key-store.ts'
import { Replays } from '../../store/database/replays.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import type { Database } from '../../store/database/tables.ts'
import { modelFiles } from '../../store/models.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { MultipartUploads } from '../../store/objects/multipart-uploads.ts'
import { cacheKeysOf } from '../models/cache-keys.ts'
import { responseAge, responseKind } from '../responses/stored-responses.ts'
import { Sweep, type Swept, type SweptKind } from './sweep.ts'

export interface CollectGarbageRequest {
  /** Count only. */
  readonly dryRun: boolean
  /** Bytes that cached weights may keep; what was used longest ago goes first. */
  readonly cacheBytes: number
  /** Days for which entries of the audit log are kept; undefined keeps all. */
  readonly auditDays?: number | undefined
}

export interface CollectGarbageOptions {
  readonly home: string
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly now: number
}

/** What was freed. */
export interface CollectedGarbage {
  readonly schema: 1
  readonly dryRun: boolean
  readonly swept: readonly Swept[]
  readonly bytes: number
  /** What could not be removed, because another process has it open. */
  readonly kept: readonly string[]
}

const temporaryName = /\.[0-9a-f]{8}\.tmp$/
const hour = 3_600_000
const day = 24 * hour
/** An upload of which nothing was finished for this long is taken for given up. */
const uploadAge = 7 * day
/** A graph is made again in seconds, in another form after most updates. */
const graphAge = 30 * day
/** Nobody sends the same request again after this long. */
const replayAge = 30 * day

/**
 * Frees what nothing needs any more: bytes that no object names, uploads that were given up, data of jobs that have ended,
 * sessions that are over, answers kept for requests that might be sent again, responses of which nothing came any more, downloads that were broken off, weights cached for models that are gone, old graphs, and files
 * that a crash left. A server may run meanwhile: nothing is touched that is younger than it takes to be named.
 */
export async function collectGarbage(
  { home, database, now }: CollectGarbageOptions,
  { dryRun, cacheBytes, auditDays }: CollectGarbageRequest,
): Promise<CollectedGarbage> {
  const sweep = new Sweep(dryRun)
  const objects = new FileObjectStore(join(home, 's3'))
  await sweepUploads(objects, sweep, now)
  const { files, bytes } = await objects.collect(now, hour, dryRun)
  sweep.add('objects', { count: files, bytes })
  await sweepJobData(home, database, sweep, now)
  const keys = new KeyStore(database, () => now)
  sweep.add('sessions', {
    count: await (dryRun ? keys.countExpired() : keys.removeExpired()),
    bytes: 0,
  })
  await sweepRows(sweep, 'replays', new Replays(database), now - replayAge)
  await sweepRows(sweep, 'responses', new ResourceStore(database, responseKind), now - responseAge)
  if (auditDays !== undefined) await sweepRows(sweep, 'audit', new AuditLog(database), now - auditDays * day)
  await sweepDownloads(home, sweep, now)
  await sweepWeights(home, sweep, now, cacheBytes)
  await sweepTemporary(home, sweep, now)
  const swept = sweep.swept()
  return {
    schema: 1,
    dryRun,
    swept,
    bytes: swept.reduce((sum, each) => sum + each.bytes, 0),
    kept: sweep.kept(),
  }
}

/** Rows of the database that are older than a time. */
async function sweepRows(
  sweep: Sweep,
  kind: SweptKind,
  rows: Pick<Replays, 'countBefore' | 'removeBefore'>,
  time: number,
): Promise<void> {
  const count = await (sweep.dryRun ? rows.countBefore(time) : rows.removeBefore(time))
  sweep.add(kind, { count, bytes: 0 })
}

async function sweepUploads(objects: FileObjectStore, sweep: Sweep, now: number): Promise<void> {
  const uploads = new MultipartUploads(objects)
  for (const { name } of await objects.listBuckets()) {
    for (const upload of await uploads.list(name)) {
      const parts = await uploads.parts(name, upload)
      const times = [upload.started, ...parts.map(({ modified }) => modified)].map((text) => Date.parse(text))
      if (now - Math.max(...times) < uploadAge) continue
      if (!sweep.dryRun) await uploads.abort(name, upload)
      sweep.add('uploads', { count: 1, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) })
    }
  }
}

/** Copies of a job's data, which a worker that was killed leaves. */
async function sweepJobData(home: string, database: Database, sweep: Sweep, now: number): Promise<void> {
  const folder = join(home, 'jobs')
  for (const id of await namesIn(folder)) {
    const path = join(folder, id)
    const { bytes, usedAt } = await sizeOf(path)
    if (now - usedAt < hour) continue
    const job = await database.selectFrom('jobs').select('state').where('id', '=', id).executeTakeFirst()
    if (job?.state !== 'running' && job?.state !== 'queued') await sweep.remove('job-data', path, { bytes })
  }
}

async function sweepDownloads(home: string, sweep: Sweep, now: number): Promise<void> {
  const folder = downloadsFolder(home)
  for (const name of await namesIn(folder)) {
    if (name.endsWith('.lock') || name.endsWith('.takeover')) continue
    const path = join(folder, name)
    const holder = await contentOf(join(folder, `${name}.lock`))
    const { bytes, usedAt } = await sizeOf(path)
    const isHeld = holder !== undefined && !isDeadHolder(holder)
    if (!isHeld && now - usedAt >= day) await sweep.remove('downloads', path, { bytes })
  }
}

interface CachedModel {
  readonly key: string
  readonly files: readonly string[]
  readonly bytes: number
  readonly usedAt: number
}

async function sweepWeights(home: string, sweep: Sweep, now: number, most: number): Promise<void> {
  const folder = weightCacheFolder(home)
  const names = (await namesIn(folder)).filter((name) => !name.endsWith('.lock') && !name.endsWith('.tmp'))
  for (const name of names.filter((each) => each.startsWith('graph-'))) {
    const { bytes, usedAt } = await sizeOf(join(folder, name))
    if (now - usedAt >= graphAge) await sweep.remove('graphs', join(folder, name), { bytes })
  }
  const byKey = new Map<string, string[]>()
  for (const name of names.filter((each) => !each.startsWith('graph-'))) {
    const key = name.split('.')[0] ?? name
    byKey.set(key, [...(byKey.get(key) ?? []), name])
  }
  const cached = await Promise.all(
    [...byKey].map(async ([key, files]): Promise<CachedModel> => {
      const sizes = await Promise.all(files.map((name) => sizeOf(join(folder, name))))
      return {
        key,
        files,
        bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
        usedAt: Math.max(...sizes.map(({ usedAt }) => usedAt)),
      }
    }),
  )
  const known = await knownKeys(home)
  let kept = 0
  for (const model of cached.toSorted((a, b) => b.usedAt - a.usedAt)) {
    const isOrphan = !known.has(model.key)
    const isYoung = now - model.usedAt < hour
    if (isYoung || (!isOrphan && kept + model.bytes <= most)) {
      kept += model.bytes
      continue
    }
    for (const name of model.files) {
      const path = join(folder, name)
      await sweep.remove('weights', path, { bytes: (await sizeOf(path)).bytes })
    }
  }
}

/** Keys of the weights of every model in the home. */
async function knownKeys(home: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  for (const id of (await namesIn(modelsFolder(home))).filter(isModelId)) {
    // A model that cannot be read is not loaded either.
    const found = await cacheKeysOf(home, join(modelsFolder(home), id)).catch(() => [])
    for (const key of found) keys.add(key)
  }
  return keys
}

/** Files and folders that were not renamed into place, which is the last step of making one. */
async function sweepTemporary(home: string, sweep: Sweep, now: number): Promise<void> {
  for (const name of await namesIn(modelsFolder(home))) {
    if (!temporaryName.test(name)) continue
    const path = join(modelsFolder(home), name)
    const { bytes, usedAt } = await sizeOf(path)
    if (now - usedAt >= day) await sweep.remove('temporary', path, { bytes })
  }
  for (const { name, bytes } of await modelFiles(home)) {
    const path = join(home, name)
    const isTop = dirname(path) === home || dirname(path) === modelsFolder(home)
    if (isTop || !temporaryName.test(basename(path))) continue
    const { usedAt } = await sizeOf(path)
    if (now - usedAt >= day) await sweep.remove('temporary', path, { bytes })
  }
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

/** Bytes of a file or folder, and when it was last read or written, as far as the file system tells. */
async function sizeOf(path: string): Promise<{ readonly bytes: number; readonly usedAt: number }> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return { bytes: 0, usedAt: 0 }
  if (!found.isDirectory()) return { bytes: found.size, usedAt: Math.max(found.mtimeMs, found.atimeMs) }
  const names = await readdir(path)
  const sizes = await Promise.all(names.map((name) => sizeOf(join(path, name))))
  return {
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    usedAt: Math.max(found.mtimeMs, ...sizes.map(({ usedAt }) => usedAt)),
  }
}
