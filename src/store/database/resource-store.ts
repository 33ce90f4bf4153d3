import { sql } from 'kysely'
import { isPostgresDatabase } from './is-postgres-database.ts'
import type { Database, ResourceTable } from './tables.ts'

/** Something with an id, a unique name among its kind, a state, and a document of its kind's own form. */
export interface Resource<Document> {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly parent: string | null
  readonly document: Document
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

export interface ResourceChange<Document> {
  readonly name?: string
  readonly state?: string
  readonly parent?: string | null
  readonly document?: Document
}

export interface ListResources {
  readonly states?: readonly string[]
  readonly parent?: string
  readonly nameContains?: string
  readonly createdAfter?: number
  readonly createdBefore?: number
  readonly ascending?: boolean
  /** Where the last page ended. */
  readonly after?: { readonly createdAt: number; readonly id: string }
  readonly limit: number
}

/** The kind has one with that name already. */
export class NameTaken extends Error {
  override readonly name = 'NameTaken'
}

/** All resources of one kind. */
export class ResourceStore<Document> {
  readonly #database: Database
  readonly #kind: string
  readonly #now: () => number

  constructor(database: Database, kind: string, now: () => number = Date.now) {
    this.#database = database
    this.#kind = kind
    this.#now = now
  }

  /** @throws NameTaken */
  async add(
    resource: Pick<Resource<Document>, 'id' | 'name' | 'state' | 'parent' | 'document'>,
  ): Promise<void> {
    const now = this.#now()
    const { id, name, state, parent, document } = resource
    const { numInsertedOrUpdatedRows } = await this.#database
      .insertInto('resources')
      .values({
        id,
        kind: this.#kind,
        name,
        state,
        parent,
        document: JSON.stringify(document),
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.columns(['kind', 'name']).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) throw new NameTaken(`${this.#kind} ${name} exists`)
  }

  async find(id: string): Promise<Resource<Document> | undefined> {
    return this.#one('id', id)
  }

  async findByName(name: string): Promise<Resource<Document> | undefined> {
    return this.#one('name', name)
  }

  /**
   * Changes what is named, if the resource is still in one of the states.
   *
   * @returns false when it is gone, or in another state
   * @throws NameTaken
   */
  async change(id: string, change: ResourceChange<Document>, whileIn?: readonly string[]): Promise<boolean> {
    const { name, state, parent, document } = change
    if (name !== undefined) {
      const holder = await this.findByName(name)
      if (holder !== undefined && holder.id !== id) throw new NameTaken(`${this.#kind} ${name} exists`)
    }
    let query = this.#database
      .updateTable('resources')
      .set({
        updated_at: this.#now(),
        ...(name === undefined ? {} : { name }),
        ...(state === undefined ? {} : { state }),
        ...(parent === undefined ? {} : { parent }),
        ...(document === undefined ? {} : { document: JSON.stringify(document) }),
      })
      .where('kind', '=', this.#kind)
      .where('id', '=', id)
    if (whileIn !== undefined) query = query.where('state', 'in', whileIn)
    return (await query.executeTakeFirst()).numUpdatedRows > 0n
  }

  /** @returns false when it was gone already */
  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('resources')
      .where('kind', '=', this.#kind)
      .where('id', '=', id)
      .executeTakeFirst()
    return numDeletedRows > 0n
  }

  async list(options: ListResources): Promise<Resource<Document>[]> {
    const { states, parent, nameContains, createdAfter, createdBefore, ascending = false, after } = options
    const order = ascending ? 'asc' : 'desc'
    let query = this.#database.selectFrom('resources').selectAll().where('kind', '=', this.#kind)
    if (states !== undefined) query = query.where('state', 'in', states)
    if (parent !== undefined) query = query.where('parent', '=', parent)
    if (createdAfter !== undefined) query = query.where('created_at', '>', createdAfter)
    if (createdBefore !== undefined) query = query.where('created_at', '<', createdBefore)
    if (nameContains !== undefined) query = query.where(nameHolds(this.#database, nameContains))
    if (after !== undefined) {
      const beyond = ascending ? '>' : '<'
      query = query.where((is) =>
        is.or([
          is('created_at', beyond, after.createdAt),
          is.and([is('created_at', '=', after.createdAt), is('id', beyond, after.id)]),
        ]),
      )
    }
    const rows = await query.orderBy('created_at', order).orderBy('id', order).limit(options.limit).execute()
    return rows.map((row) => toResource<Document>(row))
  }

  async #one(column: 'id' | 'name', value: string): Promise<Resource<Document> | undefined> {
    const row = await this.#database
      .selectFrom('resources')
      .selectAll()
      .where('kind', '=', this.#kind)
      .where(column, '=', value)
      .executeTakeFirst()
    return row === undefined ? undefined : toResource<Document>(row)
  }
}

/** True where the name contains the text as it is, percent signs and all. */
export const nameHolds = (database: Database, text: string): ReturnType<typeof sql<boolean>> =>
  isPostgresDatabase(database)
    ? sql<boolean>`strpos(name, ${text}) > 0`
    : sql<boolean>`instr(name, ${text}) > 0`

const toResource = <Document>(row: ResourceTable): Resource<Document> => ({
  id: row.id,
  name: row.name,
  state: row.state,
  parent: row.parent,
  document: JSON.parse(row.document) as Document,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
