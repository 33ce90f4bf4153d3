import type { Database } from './tables.ts'

export interface Tag {
  readonly key: string
  readonly value: string
}

/** Tags of resources, by whatever names a resource. */
export class TagStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** By key. */
  async list(resource: string): Promise<Tag[]> {
    return this.#database
      .selectFrom('tags')
      .select(['key', 'value'])
      .where('resource', '=', resource)
      .orderBy('key')
      .execute()
  }

  /** Sets tags; those with the same keys are replaced. */
  async set(resource: string, tags: readonly Tag[]): Promise<void> {
    if (tags.length === 0) return
    await this.#database
      .insertInto('tags')
      .values(tags.map(({ key, value }) => ({ resource, key, value })))
      .onConflict((conflict) =>
        conflict.columns(['resource', 'key']).doUpdateSet((set) => ({ value: set.ref('excluded.value') })),
      )
      .execute()
  }

  async remove(resource: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return
    await this.#database
      .deleteFrom('tags')
      .where('resource', '=', resource)
      .where('key', 'in', keys)
      .execute()
  }

  /** Tags of whatever is named by an id at the end, after a slash: a resource has a name in each place where it is seen. */
  async removeOf(id: string): Promise<void> {
    if (!/^[a-z0-9]{1,64}$/.test(id)) throw new Error(`${id} is no id`)
    await this.#database.deleteFrom('tags').where('resource', 'like', `%/${id}`).execute()
  }

  async removeAll(resource: string): Promise<void> {
    await this.#database.deleteFrom('tags').where('resource', '=', resource).execute()
  }
}
