import { sql, type Transaction } from 'kysely'
import { isPostgresDatabase } from './is-postgres-database.ts'
import { appliedMigrations } from './open-database.ts'
import { tableNames, type Database, type Tables } from './tables.ts'

export type TableName = keyof Tables

/** A row by column; every value is text, a number or null on every engine. */
export type TableRow = Readonly<Record<string, string | number | null>>

/** A view of the database at one moment, whatever others write meanwhile. */
export interface DatabaseSnapshot {
  readonly migrations: readonly string[]
  readonly tables: readonly TableName[]
  rows(table: TableName): AsyncGenerator<TableRow>
}

const rowsAtOnce = 500

/** Reads in one transaction that sees what was committed when it began, and that keeps nobody from writing. */
export async function readSnapshot<Result>(
  database: Database,
  read: (snapshot: DatabaseSnapshot) => Promise<Result>,
): Promise<Result> {
  const isPostgres = isPostgresDatabase(database)
  const migrations = await appliedMigrations(database)
  return database.connection().execute(async (connection) => {
    const begin = isPostgres ? 'begin isolation level repeatable read read only' : 'begin deferred'
    await sql.raw(begin).execute(connection)
    try {
      return await read({
        migrations,
        tables: tableNames,
        rows: (table) => (isPostgres ? cursorRows(connection, table) : fileRows(connection, table)),
      })
    } finally {
      // Nothing was written.
      await sql`rollback`.execute(connection)
    }
  })
}

/** Adds rows as they were read. */
export async function insertRows(
  transaction: Transaction<Tables>,
  table: TableName,
  rows: readonly TableRow[],
): Promise<void> {
  // Statements have room for so many values only.
  for (let from = 0; from < rows.length; from += 50) {
    const values = rows.slice(from, from + 50)
    const columns = Object.keys(values[0] ?? {})
    const lists = values.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`)
    const names = sql.join(columns.map((column) => sql.ref(column)))
    await sql`insert into ${sql.table(table)} (${names}) values ${sql.join(lists)}`.execute(transaction)
  }
}

async function* fileRows(connection: Database, table: TableName): AsyncGenerator<TableRow> {
  let last = 0
  for (;;) {
    const { rows } = await sql<TableRow & { readonly row_number: number }>`
      select rowid as row_number, * from ${sql.table(table)} where rowid > ${last} order by rowid limit ${rowsAtOnce}
    `.execute(connection)
    for (const { row_number, ...row } of rows) {
      last = row_number
      yield row
    }
    if (rows.length < rowsAtOnce) return
  }
}

async function* cursorRows(connection: Database, table: TableName): AsyncGenerator<TableRow> {
  await sql`declare backup_rows no scroll cursor for select * from ${sql.table(table)}`.execute(connection)
  for (;;) {
    const { rows } = await sql<TableRow>`fetch ${sql.raw(String(rowsAtOnce))} from backup_rows`.execute(
      connection,
    )
    yield* rows
    if (rows.length < rowsAtOnce) break
  }
  await sql`close backup_rows`.execute(connection)
}
