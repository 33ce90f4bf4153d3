import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { WaitOptions } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { copyFileWithDigest } from '../../lib/copy-file.ts'
import { diskError } from '../../lib/disk-error.ts'
import {
  migrate,
  migrations as allMigrations,
  openDatabase,
  type Migrations,
} from '../../store/database/open-database.ts'
import { insertRows, type TableRow } from '../../store/database/table-rows.ts'
import { countServers } from '../../store/present-servers.ts'
import { backedUpEntries, readBackupManifest, tablesFolder, type BackupManifest } from './backup-manifest.ts'

export interface RestoreHomeOptions extends WaitOptions {
  readonly home: string
  /** Replaces what is there. */
  readonly force: boolean
  /** `postgres://…` of the settings that lie in a folder; undefined for a file in the home. */
  readonly databaseOf: (folder: string) => Promise<string | undefined>
  readonly migrations?: Migrations
}

/** What was restored. */
export interface RestoredHome {
  readonly schema: 1
  readonly home: string
  /** When the backup was made. */
  readonly createdAt: string
  readonly files: number
  readonly bytes: number
  readonly rows: number
  /** Migrations that the tables had not seen yet. */
  readonly migrated: readonly string[]
}

/** Parts of a home that a restore replaces; caches stay, since they are found by content. */
const replaced = [...backedUpEntries, 'jobs', 'hone.db', 'hone.db-wal', 'hone.db-shm'] as const

/**
 * Makes a home of a backup. Every file is compared with its hash while it is copied, into a folder inside the home whose
 * parts take their places only when all is there. Tables of an older version are brought up to date.
 *
 * @throws HoneError `E_USAGE` for what is no backup; `E_CHECKSUM` for a file that is not as it was; `E_EXISTS` for a home or
 *   a database with something in it; `E_LOCKED` while a server uses the home; `E_DATABASE` for a backup of a newer version; `E_DISK`; `signal.reason`
 */
export async function restoreHome(from: string, options: RestoreHomeOptions): Promise<RestoredHome> {
  const { home, force, migrations = allMigrations } = options
  const source = resolve(from)
  const manifest = await readBackupManifest(source)
  requireKnown(manifest, migrations, source)
  await requireNoServer(home)
  if (!force) await requireEmpty(home)
  const stage = join(home, `.restore-${randomBytes(4).toString('hex')}`)
  try {
    await mkdir(stage, { recursive: true })
    await copyChecked(source, stage, manifest, options.signal)
    const location = (await options.databaseOf(stage)) ?? join(stage, 'hone.db')
    await fillDatabase(location, stage, manifest, { force, migrations })
    await rm(join(stage, tablesFolder), { recursive: true, force: true })
    await putInPlace(home, stage)
  } catch (error) {
    throw await diskError(error, home)
  } finally {
    await rm(stage, { recursive: true, force: true }).catch(() => undefined)
  }
  return {
    schema: 1,
    home,
    createdAt: manifest.createdAt,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    rows: manifest.database.tables.reduce((sum, { rows }) => sum + rows, 0),
    migrated: Object.keys(migrations).filter((name) => !manifest.database.migrations.includes(name)),
  }
}

function requireKnown({ database, version }: BackupManifest, known: Migrations, source: string): void {
  const unknown = database.migrations.find((name) => !Object.hasOwn(known, name))
  if (unknown === undefined) return
  throw new HoneError(
    'E_DATABASE',
    `the backup is of a newer version (${version}): it has the migration ${unknown}`,
    {
      at: { file: source },
      hint: 'restore it with that version of Hone, or a newer one',
    },
  )
}

async function requireNoServer(home: string): Promise<void> {
  const servers = await countServers(home)
  if (servers === 0) return
  const many = servers === 1 ? 'a server uses' : `${servers} servers use`
  throw new HoneError('E_LOCKED', `${many} the home, which would go on with what is replaced`, {
    at: { file: home },
    hint: 'stop it first, or restore into another home (--home)',
  })
}

async function requireEmpty(home: string): Promise<void> {
  const names = await readdir(home).catch(() => [])
  const found = names.find((name) => replaced.some((part) => part === name))
  if (found === undefined) return
  throw new HoneError('E_EXISTS', `the home is not empty: it has ${found}`, {
    at: { file: home },
    hint: 'restore into another home (--home), or replace what is there with --force',
  })
}

async function copyChecked(
  source: string,
  stage: string,
  { files }: BackupManifest,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { path, bytes, sha256 } of files) {
    const from = join(source, path)
    const to = join(stage, path)
    await mkdir(dirname(to), { recursive: true })
    const found = await stat(from).catch(() => undefined)
    const copied = found === undefined ? undefined : await copyFileWithDigest(from, to, { signal })
    if (copied?.sha256 === sha256 && copied.bytes === bytes) continue
    const problem = copied === undefined ? 'it is missing' : `it has ${copied.bytes} bytes with another hash`
    throw new HoneError(
      'E_CHECKSUM',
      `the backup is damaged: ${problem}, where ${bytes} bytes were written`,
      {
        at: { file: from },
        hint: 'use another backup; nothing was restored',
      },
    )
  }
}

interface FillOptions {
  readonly force: boolean
  readonly migrations: Migrations
}

/** Rows go into tables as they were when they were read, which are then brought up to date. */
async function fillDatabase(
  location: string,
  stage: string,
  { database: { migrations: seen, tables } }: BackupManifest,
  { force, migrations }: FillOptions,
): Promise<void> {
  const upTo = seen.at(-1)
  const database = await openDatabase({ location, migrations, ...(upTo === undefined ? {} : { upTo }) })
  try {
    await database.transaction().execute(async (transaction) => {
      for (const table of tables.map(({ name }) => name)) {
        const [row] = await transaction.selectFrom(table).selectAll().limit(1).execute()
        if (row === undefined) continue
        if (!force) {
          throw new HoneError('E_EXISTS', `the database is not empty: its table ${table} has rows`, {
            hint: 'name another database in hone.server.yaml, or replace what is there with --force',
          })
        }
        await transaction.deleteFrom(table).execute()
      }
      for (const { name } of tables) {
        for await (const rows of batches(join(stage, tablesFolder, `${name}.jsonl`))) {
          await insertRows(transaction, name, rows)
        }
      }
    })
    await migrate(database, { location, migrations })
  } finally {
    await database.destroy()
  }
}

async function* batches(file: string): AsyncGenerator<TableRow[]> {
  let rows: TableRow[] = []
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    rows.push(JSON.parse(line) as TableRow)
    if (rows.length < 500) continue
    yield rows
    rows = []
  }
  yield rows
}

/** By renames only: what was there goes into the stage, from which it is removed at the end. */
async function putInPlace(home: string, stage: string): Promise<void> {
  const old = join(stage, '.replaced')
  await mkdir(old)
  const done: { readonly from: string; readonly to: string }[] = []
  const move = async (from: string, to: string): Promise<void> => {
    if ((await stat(from).catch(() => undefined)) === undefined) return
    await rename(from, to)
    done.push({ from, to })
  }
  try {
    for (const part of replaced) {
      await move(join(home, part), join(old, part))
      await move(join(stage, part), join(home, part))
    }
  } catch (error) {
    // What another process has open cannot be renamed everywhere: all goes back to where it was.
    for (const { from, to } of done.toReversed()) await rename(to, from)
    throw error
  }
}
