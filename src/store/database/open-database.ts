import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Migrator, PostgresDialect, SqliteDialect, sql, type Migration } from 'kysely'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { openSharing } from './atomically.ts'
import { first } from './migrations/0001-first.ts'
import { jobEvents } from './migrations/0002-job-events.ts'
import type { Database } from './tables.ts'

export type Migrations = Readonly<Record<string, Migration>>

/** By name, which gives the order. Forward only; a migration that was released is never changed. */
export const migrations: Migrations = { '0001-first': first, '0002-job-events': jobEvents }

export interface OpenDatabaseOptions {
  /** Path of a file, or `postgres://…`. */
  readonly location: string
  /** What brings it up to date; a parameter so that a test can have more of them. */
  readonly migrations?: Migrations | undefined
  /** The last migration that may be applied; default: all. */
  readonly upTo?: string | undefined
}

/**
 * Opens the database and brings its tables up to date.
 *
 * @throws HoneError `E_DISK` for a file that cannot be opened; `E_DATABASE` when the server does not answer, or the
 *   database was made by a newer version
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { location } = options
  const database = await connect(location)
  try {
    await migrate(database, options)
  } catch (error) {
    await database.destroy().catch(() => undefined)
    if (HoneError.isInstance(error)) throw error
    throw new HoneError('E_DATABASE', `the database cannot be used: ${reasonOf(error)}`, {
      at: isPostgres(location) ? {} : { file: location },
      hint: 'check its address, and that it is one of Hone',
      cause: error,
    })
  }
  return database
}

/**
 * Applies what has not been applied. Migrations go forward only.
 *
 * @throws HoneError `E_DATABASE` where the database has migrations that are not known, or come after `upTo`
 */
export async function migrate(
  database: Database,
  { location, migrations: known = migrations, upTo }: OpenDatabaseOptions,
): Promise<void> {
  const names = Object.keys(known).toSorted()
  const wanted = upTo === undefined ? names : names.filter((name) => name <= upTo)
  const unknown = (await appliedMigrations(database)).find((name) => !wanted.includes(name))
  if (unknown !== undefined) {
    const last = wanted.at(-1) ?? 'none'
    throw new HoneError(
      'E_DATABASE',
      `the database is of a newer version: it has the migration ${unknown}, and the last one here is ${last}`,
      {
        at: isPostgres(location) ? {} : { file: location },
        hint: 'use the version of Hone that made it, or a newer one',
      },
    )
  }
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve({ ...known }) },
  })
  const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo))
  if (error !== undefined) throw error
}

/** Names of the migrations that a database has seen, in their order; none for an empty one. */
export async function appliedMigrations(database: Database): Promise<string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === 'kysely_migration')) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    database,
  )
  return rows.map(({ name }) => name)
}

const isPostgres = (location: string): boolean => /^postgres(ql)?:\/\//.test(location)

async function connect(location: string): Promise<Database> {
  if (isPostgres(location)) {
    const { default: pg } = await import('pg')
    // Times and counts fit a double; without this they come as text.
    pg.types.setTypeParser(pg.types.builtins.INT8, Number)
    return openSharing(
      new PostgresDialect({
        pool: new pg.Pool({ connectionString: location, max: 10, connectionTimeoutMillis: 10_000 }),
      }),
    )
  }
  const { default: Libsql } = await import('libsql')
  try {
    await mkdir(dirname(location), { recursive: true })
    const file = new Libsql(location)
    // Readers and a writer at once; a commit is on the disk before it is acknowledged.
    file.exec('pragma journal_mode = wal')
    file.exec('pragma synchronous = full')
    file.exec('pragma busy_timeout = 10000')
    file.exec('pragma foreign_keys = on')
    // It holds secrets.
    await chmod(location, 0o600)
    // What reads before it writes would be refused where another process wrote in between.
    return openSharing(new SqliteDialect({ database: file }), 'begin immediate')
  } catch (error) {
    throw await diskError(error, location)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
