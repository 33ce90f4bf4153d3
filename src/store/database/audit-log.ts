import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { isPostgresDatabase } from './is-postgres-database.ts'
import type { Database } from './tables.ts'

/** Which entries are wanted. */
export interface ListAudit {
  readonly limit: number
  /** Only what this key did. */
  readonly keyId?: string | undefined
  /** Only entries whose action, resource or outcome contains this, whatever its case. */
  readonly search?: string | undefined
  /** Where the last page ended; milliseconds since 1970. */
  readonly after?: { readonly createdAt: number; readonly id: string } | undefined
}

/** Something that somebody did or tried. */
export interface AuditEntry {
  /** RFC 3339. */
  readonly at: string
  readonly keyId: string
  readonly action: string
  readonly resource: string
  /** A status, or the code of what went wrong. */
  readonly outcome: string
}

/** Who did what, without what was said. Entries are never changed, and go by age only. */
export class AuditLog {
  readonly #database: Database
  readonly #now: () => number

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database
    this.#now = now
  }

  async add(entry: Omit<AuditEntry, 'at'>): Promise<void> {
    const { keyId, action, resource, outcome } = entry
    await this.#database
      .insertInto('audit')
      .values({ id: randomUUID(), at: this.#now(), key_id: keyId, action, resource, outcome })
      .execute()
  }

  /** Newest first. */
  async list({ limit, keyId, search, after }: ListAudit): Promise<(AuditEntry & { readonly id: string })[]> {
    let wanted = this.#database.selectFrom('audit').selectAll()
    if (keyId !== undefined) wanted = wanted.where('key_id', '=', keyId)
    if (search !== undefined && search !== '') {
      const find = sql.raw(isPostgresDatabase(this.#database) ? 'strpos' : 'instr')
      const all = sql`lower(action || ' ' || resource || ' ' || outcome)`
      wanted = wanted.where(sql<boolean>`${find}(${all}, ${search.toLowerCase()}) > 0`)
    }
    if (after !== undefined) {
      const { createdAt, id } = after
      wanted = wanted.where(sql<boolean>`(at < ${createdAt} or (at = ${createdAt} and id > ${id}))`)
    }
    const rows = await wanted.orderBy('at', 'desc').orderBy('id').limit(limit).execute()
    return rows.map(({ id, at, key_id: key, action, resource, outcome }) => ({
      id,
      at: new Date(at).toISOString(),
      keyId: key,
      action,
      resource,
      outcome,
    }))
  }

  /** @returns how many are older than a time, in milliseconds since 1970 */
  async countBefore(time: number): Promise<number> {
    const { count } = await this.#database
      .selectFrom('audit')
      .select((audit) => audit.fn.countAll<number | string>().as('count'))
      .where('at', '<', time)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** @returns how many were removed */
  async removeBefore(time: number): Promise<number> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('audit')
      .where('at', '<', time)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }
}
