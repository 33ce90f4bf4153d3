import { PostgresAdapter } from 'kysely'
import type { Database } from './tables.ts'

/** True for a database on a Postgres server; the few statements that differ ask. */
export const isPostgresDatabase = (database: Database): boolean =>
  database.getExecutor().adapter instanceof PostgresAdapter
