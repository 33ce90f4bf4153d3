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

/** Reads in one transaction that sees what was committed when it began. */
export async function readSnapshot<Result>(
  database: Database,
  read: (snapshot: DatabaseSnapshot) => Promise<Result>,
): Promise<Result> {
  const isPostgres = isPostgresDatabase(database)
  const migrations = await appliedMigrations(database)
  const begin = database.transaction()
  return (isPostgres ? begin.setIsolationLevel('repeatable read') : begin).execute((transaction) =>
    read({
      migrations,
      tables: tableNames,
      rows: (table) => (isPostgres ? cursorRows(transaction, table) : fileRows(transaction, table)),
    }),
  )
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

async function* fileRows(transaction: Transaction<Tables>, table: TableName): AsyncGenerator<TableRow> {
  let last = 0
  for (;;) {
    const { rows } = await sql<TableRow & { readonly row_number: number }>`
      select rowid as row_number, * from ${sql.table(table)} where rowid > ${last} order by rowid limit ${rowsAtOnce}
    `.execute(transaction)
    for (const { row_number, ...row } of rows) {
      last = row_number
      yield row
    }
    if (rows.length < rowsAtOnce) return
  }
}

async function* cursorRows(transaction: Transaction<Tables>, table: TableName): AsyncGenerator<TableRow> {
  await sql`declare backup_rows no scroll cursor for select * from ${sql.table(table)}`.execute(transaction)
  for (;;) {
    const { rows } = await sql<TableRow>`fetch ${sql.raw(String(rowsAtOnce))} from backup_rows`.execute(
      transaction,
    )
    yield* rows
    if (rows.length < rowsAtOnce) break
  }
  await sql`close backup_rows`.execute(transaction)
}
