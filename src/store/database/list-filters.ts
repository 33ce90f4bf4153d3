import { sql, type RawBuilder } from 'kysely'
import { isPostgresDatabase } from './is-postgres-database.ts'
import type { Database } from './tables.ts'

/** Which rows of a list are wanted, and in which order; rows have an id, a name and a time at which they were made. */
export interface ListFilters {
  readonly nameContains?: string
  /** Milliseconds since 1970. */
  readonly createdAfter?: number
  readonly createdBefore?: number
  /** Default false: newest first. */
  readonly ascending?: boolean
  /** Where the last page ended. */
  readonly after?: { readonly createdAt: number; readonly id: string }
  readonly limit: number
}

/** What must hold for a row to be in the list. */
export function listConditions(database: Database, filters: ListFilters): RawBuilder<boolean>[] {
  const { nameContains, createdAfter, createdBefore, after, ascending = false } = filters
  const conditions: RawBuilder<boolean>[] = []
  if (nameContains !== undefined) {
    // The name contains the text as it is, percent signs and all.
    const place = isPostgresDatabase(database)
      ? sql<boolean>`strpos(name, ${nameContains}) > 0`
      : sql<boolean>`instr(name, ${nameContains}) > 0`
    conditions.push(place)
  }
  if (createdAfter !== undefined) conditions.push(sql<boolean>`created_at > ${createdAfter}`)
  if (createdBefore !== undefined) conditions.push(sql<boolean>`created_at < ${createdBefore}`)
  if (after !== undefined) {
    const { createdAt, id } = after
    const beyond = sql.raw(ascending ? '>' : '<')
    conditions.push(
      sql<boolean>`(created_at ${beyond} ${createdAt} or (created_at = ${createdAt} and id ${beyond} ${id}))`,
    )
  }
  return conditions
}
