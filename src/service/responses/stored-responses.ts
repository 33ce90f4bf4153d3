import type { JsonObject } from '../../core/example.ts'
import type { Resource, ResourceStore } from '../../store/database/resource-store.ts'

/** A response that can be asked for again and gone on from, in the items of the API that it was asked by. */
export interface ResponseDocument {
  /** Name of the user who asked; to others it is not there. */
  readonly owner: string
  /** What was sent with it. */
  readonly input: readonly JsonObject[]
  /** As it was answered. */
  readonly response: JsonObject
}

export type StoredResponse = Resource<ResponseDocument>

/** The kind of their rows. */
export const responseKind = 'response'

/** Milliseconds after which a response is forgotten by a sweep. */
export const responseAge: number = 30 * 86_400_000

/** Responses that are kept. Each names the one that it goes on from, so a conversation is kept once. */
export class StoredResponses {
  readonly #store: ResourceStore<ResponseDocument>

  constructor(store: ResourceStore<ResponseDocument>) {
    this.#store = store
  }

  /** @param previous id of the response that it goes on from */
  async keep(id: string, previous: string | null, document: ResponseDocument): Promise<void> {
    await this.#store.add({ id, name: id, state: 'ready', parent: previous, document })
  }

  async find(id: string, owner: string): Promise<StoredResponse | undefined> {
    const found = await this.#store.find(id)
    return found?.document.owner === owner ? found : undefined
  }

  /** A response and all before it, oldest first; undefined where one of them is not there. */
  async conversation(id: string, owner: string): Promise<StoredResponse[] | undefined> {
    const found: StoredResponse[] = []
    for (let next: string | null = id; next !== null;) {
      const response: StoredResponse | undefined = await this.find(next, owner)
      if (response === undefined) return undefined
      found.push(response)
      next = response.parent
    }
    return found.toReversed()
  }

  /** @returns false when it was gone already */
  remove({ id }: StoredResponse): Promise<boolean> {
    return this.#store.remove(id)
  }
}
