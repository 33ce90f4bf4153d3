import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { WaitOptions } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { copyFileWithDigest } from '../../lib/copy-file.ts'
import { diskError } from '../../lib/disk-error.ts'
import { contentOf, isDeadHolder } from '../../lib/lock-holder.ts'
import { replaceFile, replaceFileWith } from '../../lib/replace-file.ts'
import { modelFiles } from '../../store/models.ts'
import { readSnapshot, type TableName } from '../../store/database/table-rows.ts'
import type { Database } from '../../store/database/tables.ts'
import { tablesFolder, type BackupFile, type BackupManifest } from './backup-manifest.ts'
import { copyObjects } from './copy-objects.ts'

export interface BackupHomeOptions extends WaitOptions {
  readonly home: string
  readonly database: Database
  /** Version of Hone. */
  readonly version: string
  readonly now: Date
}

/** What a backup holds. */
export interface MadeBackup {
  readonly schema: 1
  readonly folder: string
  readonly files: number
  readonly bytes: number
  /** Rows of all tables. */
  readonly rows: number
  /** What is not in it, and why. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[]
}

/**
 * Copies a home into a new folder while servers may run: the database as it is at one moment, then every object, model,
 * dataset and seal. The folder is there whole or not at all.
 *
 * @throws HoneError `E_EXISTS` where something is already; `E_USAGE` for a folder inside the home; `E_DISK`; `signal.reason`
 */
export async function backupHome(to: string, options: BackupHomeOptions): Promise<MadeBackup> {
  const { home, signal } = options
  const folder = resolve(to)
  await requireFree(folder, home)
  const stage = join(dirname(folder), `.${basename(folder)}.${randomBytes(4).toString('hex')}.tmp`)
  try {
    // It holds secrets.
    await mkdir(stage, { recursive: true, mode: 0o700 })
    const backup = new BackupWriter(home, stage, signal)
    const database = await backup.addTables(options.database)
    await backup.addObjects()
    await backup.addModels()
    for (const part of ['datasets', 'seals', 'evaluations', 'job-logs']) await backup.addTree(part)
    await backup.addFile('hone.server.yaml')
    const manifest: BackupManifest = {
      schema: 1,
      kind: 'backup',
      version: options.version,
      createdAt: options.now.toISOString(),
      database,
      files: backup.files,
    }
    await replaceFileWith(join(stage, 'manifest.json'), `${JSON.stringify(manifest, undefined, 1)}\n`)
    await rmdir(folder).catch(() => undefined)
    await rename(stage, folder)
    return {
      schema: 1,
      folder,
      files: backup.files.length,
      bytes: backup.files.reduce((sum, { bytes }) => sum + bytes, 0),
      rows: database.tables.reduce((sum, { rows }) => sum + rows, 0),
      leftOut: backup.leftOut,
    }
  } catch (error) {
    await rm(stage, { recursive: true, force: true }).catch(() => undefined)
    throw await diskError(error, folder)
  }
}

class BackupWriter {
  readonly files: BackupFile[] = []
  readonly leftOut: { path: string; reason: string }[] = []
  readonly #home: string
  readonly #stage: string
  readonly #signal: AbortSignal | undefined

  constructor(home: string, stage: string, signal: AbortSignal | undefined) {
    this.#home = home
    this.#stage = stage
    this.#signal = signal
  }

  async addTables(database: Database): Promise<BackupManifest['database']> {
    return readSnapshot(database, async (snapshot) => {
      const tables: { name: TableName; rows: number }[] = []
      for (const table of snapshot.tables) {
        const path = `${tablesFolder}/${table}.jsonl`
        const hash = createHash('sha256')
        let bytes = 0
        let rows = 0
        await makeFolder(join(this.#stage, tablesFolder))
        await replaceFile(join(this.#stage, path), async (writer) => {
          for await (const row of snapshot.rows(table)) {
            this.#signal?.throwIfAborted()
            const line = Buffer.from(`${JSON.stringify(row)}\n`)
            hash.update(line)
            await writer.write(line)
            bytes += line.length
            rows++
          }
        })
        this.files.push({ path, bytes, sha256: hash.digest('hex') })
        tables.push({ name: table, rows })
      }
      return { migrations: [...snapshot.migrations], tables }
    })
  }

  addObjects(): Promise<void> {
    return copyObjects(
      this.#home,
      (path) => this.addFile(path),
      async (path, text) => {
        const target = join(this.#stage, path)
        await makeFolder(dirname(target))
        await replaceFileWith(target, text)
        const sha256 = createHash('sha256').update(text).digest('hex')
        this.files.push({ path, bytes: Buffer.byteLength(text), sha256 })
      },
    )
  }

  /** Every model that is whole, or whose training stands still. */
  async addModels(): Promise<void> {
    for (const id of await readdir(join(this.#home, 'models')).catch(() => [])) {
      const path = `models/${id}`
      const holder = await contentOf(join(this.#home, path, 'train.lock'))
      const isDone = await isThere(join(this.#home, path, 'manifest.json'))
      if (!isDone && holder !== undefined && !isDeadHolder(holder)) {
        this.leftOut.push({ path, reason: 'it is being trained; a job that is restored starts anew' })
        continue
      }
      const before = this.files.length
      const isWhole = await this.addTree(path)
      if (isWhole && isDone === (await isThere(join(this.#home, path, 'manifest.json')))) continue
      this.files.splice(before)
      await rm(join(this.#stage, path), { recursive: true, force: true })
      this.leftOut.push({ path, reason: 'it was changed or removed meanwhile' })
    }
  }

  /** @returns false when files of it went away meanwhile */
  async addTree(path: string): Promise<boolean> {
    let isWhole = true
    for (const { name } of await modelFiles(join(this.#home, path))) {
      if (/\.(tmp|lock|takeover)$/.test(name)) continue
      isWhole = (await this.addFile(`${path}/${name}`)) && isWhole
    }
    return isWhole
  }

  /** @returns false when it is not there */
  async addFile(path: string): Promise<boolean> {
    this.#signal?.throwIfAborted()
    const from = join(this.#home, path)
    if (!(await isThere(from))) return false
    const to = join(this.#stage, path)
    await makeFolder(dirname(to))
    try {
      const { bytes, sha256 } = await copyFileWithDigest(from, to, { signal: this.#signal })
      this.files.push({ path, bytes, sha256 })
      return true
    } catch (error) {
      if (!(await isThere(from))) return false
      throw error
    }
  }
}

async function requireFree(folder: string, home: string): Promise<void> {
  const within = relative(home, folder)
  if (within === '' || (!within.startsWith('..') && resolve(home, within) === folder)) {
    throw new HoneError('E_USAGE', 'a backup cannot lie in the home that it is of', {
      at: { file: folder },
      hint: 'name a folder elsewhere, best on another disk',
    })
  }
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    return ['a file']
  })
  if (names.length > 0) {
    throw new HoneError('E_EXISTS', 'something is there already', {
      at: { file: folder },
      hint: 'name a folder that is not there yet',
    })
  }
}

const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw await diskError(error, folder)
  }
}
