import type { PageRequest } from '../../wire/anthropic/page.ts'
import { BodyFault } from '../../wire/dialect-request.ts'

/** Part of a list, and whether more follows in the direction that was asked for. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly hasMore: boolean
}

/** A part of a list that is there whole. @throws BodyFault for a neighbour that is not in it */
export function pageOfAll<Item extends { readonly id: string }>(
  all: readonly Item[],
  { limit, after, before }: PageRequest,
): Page<Item> {
  const place = (id: string, name: string): number => {
    const at = all.findIndex((item) => item.id === id)
    if (at === -1) throw unknownNeighbour(name, id)
    return at
  }
  if (before !== undefined) {
    const end = place(before, 'before_id')
    const start = Math.max(0, end - limit)
    return { items: all.slice(start, end), hasMore: start > 0 }
  }
  const start = after === undefined ? 0 : place(after, 'after_id') + 1
  return { items: all.slice(start, start + limit), hasMore: all.length > start + limit }
}

/** Something that was made at a time. */
interface Made {
  readonly id: string
  readonly createdAt: number
}

export interface PageSource<Item extends Made> {
  /** The item that a client calls by this id. */
  find(id: string): Promise<Item | undefined>
  list(options: {
    readonly limit: number
    readonly ascending: boolean
    readonly after?: { readonly createdAt: number; readonly id: string }
  }): Promise<readonly Item[]>
  /** Whether it is the client's to see; what is not is passed over. */
  isShown?(item: Item): boolean
}

/** A part of a list of the database, newest first. @throws BodyFault for a neighbour that is not there */
export async function pageOfStored<Item extends Made>(
  source: PageSource<Item>,
  { limit, after, before }: PageRequest,
): Promise<Page<Item>> {
  const neighbour = before ?? after
  let last: Made | undefined
  if (neighbour !== undefined) {
    last = await source.find(neighbour)
    if (last === undefined) throw unknownNeighbour(before === undefined ? 'after_id' : 'before_id', neighbour)
  }
  const ascending = before !== undefined
  const found: Item[] = []
  for (;;) {
    const next = await source.list({
      limit: limit + 1,
      ascending,
      ...(last === undefined ? {} : { after: { createdAt: last.createdAt, id: last.id } }),
    })
    found.push(...next.filter((item) => source.isShown?.(item) ?? true))
    last = next.at(-1)
    if (found.length > limit || next.length <= limit) break
  }
  const items = found.slice(0, limit)
  return { items: ascending ? items.toReversed() : items, hasMore: found.length > limit }
}

const unknownNeighbour = (name: string, id: string): BodyFault =>
  new BodyFault(`/${name}`, `there is no ${JSON.stringify(id.slice(0, 100))} in this list`)
