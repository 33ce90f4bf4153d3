import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Kysely, Migrator, PostgresDialect, SqliteDialect, type Dialect } from 'kysely'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { first } from './migrations/0001-first.ts'
import type { Database, Tables } from './tables.ts'

/** By name, which gives the order. Forward only; a migration that was released is never changed. */
const migrations = { '0001-first': first }

export interface OpenDatabaseOptions {
  /** Path of a file, or `postgres://…`. */
  readonly location: string
}

/**
 * Opens the database and brings its tables up to date.
 *
 * @throws HoneError `E_DISK` for a file that cannot be opened; `E_DATABASE` when the server does not answer, or the
 *   database was made by a newer version
 */
export async function openDatabase({ location }: OpenDatabaseOptions): Promise<Database> {
  const database = new Kysely<Tables>({ dialect: await dialectOf(location) })
  try {
    const migrator = new Migrator({
      db: database,
      provider: { getMigrations: () => Promise.resolve(migrations) },
    })
    const { error } = await migrator.migrateToLatest()
    if (error !== undefined) throw error
  } catch (error) {
    await database.destroy().catch(() => undefined)
    throw new HoneError('E_DATABASE', `the database cannot be used: ${reasonOf(error)}`, {
      at: isPostgres(location) ? {} : { file: location },
      hint: 'check its address and that this version of Hone is not older than the one that made it',
      cause: error,
    })
  }
  return database
}

const isPostgres = (location: string): boolean => /^postgres(ql)?:\/\//.test(location)

async function dialectOf(location: string): Promise<Dialect> {
  if (isPostgres(location)) {
    const { default: pg } = await import('pg')
    // Times and counts fit a double; without this they come as text.
    pg.types.setTypeParser(pg.types.builtins.INT8, Number)
    return new PostgresDialect({
      pool: new pg.Pool({ connectionString: location, max: 10, connectionTimeoutMillis: 10_000 }),
    })
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
    return new SqliteDialect({ database: file })
  } catch (error) {
    throw await diskError(error, location)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
