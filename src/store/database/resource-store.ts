import { BriefCache } from '../../lib/brief-cache.ts'
import { listConditions, type ListFilters } from './list-filters.ts'
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

export interface ListResources extends ListFilters {
  readonly states?: readonly string[]
  readonly parent?: string
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
  readonly #recent = new BriefCache<Resource<Document> | undefined>({ milliseconds: 500, most: 1000 })

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
    this.#recent.clear()
    if (numInsertedOrUpdatedRows === 0n) throw new NameTaken(`${this.#kind} ${name} exists`)
  }

  async find(id: string): Promise<Resource<Document> | undefined> {
    return this.#one('id', id)
  }

  async findByName(name: string): Promise<Resource<Document> | undefined> {
    return this.#one('name', name)
  }

  /** The same without a question to the database each time: half a second old at most where another process changed it. */
  async findRecent(column: 'id' | 'name', value: string): Promise<Resource<Document> | undefined> {
    return this.#recent.get(`${column} ${value}`, () => this.#one(column, value))
  }

  /**
   * Changes what is named.
   *
   * @returns false when it is gone
   * @throws NameTaken
   */
  async change(id: string, change: ResourceChange<Document>): Promise<boolean> {
    const { name, state, parent, document } = change
    if (name !== undefined) {
      const holder = await this.findByName(name)
      if (holder !== undefined && holder.id !== id) throw new NameTaken(`${this.#kind} ${name} exists`)
    }
    const { numUpdatedRows } = await this.#database
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
      .executeTakeFirst()
    this.#recent.clear()
    return numUpdatedRows > 0n
  }

  /** @returns false when it was gone already */
  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('resources')
      .where('kind', '=', this.#kind)
      .where('id', '=', id)
      .executeTakeFirst()
    this.#recent.clear()
    return numDeletedRows > 0n
  }

  async list(options: ListResources): Promise<Resource<Document>[]> {
    const order = options.ascending === true ? 'asc' : 'desc'
    let query = this.#database.selectFrom('resources').selectAll().where('kind', '=', this.#kind)
    if (options.states !== undefined) query = query.where('state', 'in', options.states)
    if (options.parent !== undefined) query = query.where('parent', '=', options.parent)
    for (const condition of listConditions(this.#database, options)) query = query.where(condition)
    const rows = await query.orderBy('created_at', order).orderBy('id', order).limit(options.limit).execute()
    return rows.map((row) => toResource<Document>(row))
  }

  /** @returns how many were made before a time, in milliseconds since 1970 */
  async countBefore(time: number): Promise<number> {
    const { count } = await this.#database
      .selectFrom('resources')
      .select((resources) => resources.fn.countAll<number | string>().as('count'))
      .where('kind', '=', this.#kind)
      .where('created_at', '<', time)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** @returns how many were forgotten */
  async removeBefore(time: number): Promise<number> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('resources')
      .where('kind', '=', this.#kind)
      .where('created_at', '<', time)
      .executeTakeFirst()
    this.#recent.clear()
    return Number(numDeletedRows)
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

const toResource = <Document>(row: ResourceTable): Resource<Document> => ({
  id: row.id,
  name: row.name,
  state: row.state,
  parent: row.parent,
  document: JSON.parse(row.document) as Document,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
