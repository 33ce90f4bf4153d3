import { writeListPage, type ListPage, type PageQuery } from '../../wire/openai/list-page.ts'
import { ApiFault } from '../json-api/api-fault.ts'

/** Where a page ended. */
interface PagePlace {
  readonly createdAt: number
  readonly id: string
}

interface PageSource<Item> {
  /** Items in order, from a place on; asked again until the page is full. */
  readonly list: (options: {
    readonly limit: number
    readonly ascending: boolean
    readonly after?: PagePlace
  }) => Promise<readonly Item[]>
  /** The item that an id names, however it is written. */
  readonly find: (id: string) => Promise<Item | undefined>
  /** Which of them are wanted, beyond what `list` can tell. */
  readonly keep?: (item: Item) => boolean
}

/**
 * One page of objects, newest first unless told otherwise.
 *
 * @throws ApiFault `not-found` where the object that the page comes after is not there
 */
export async function pageOf<Item extends PagePlace, Shown extends { readonly id: string }>(
  { limit, after, order = 'desc' }: PageQuery,
  { list, find, keep = () => true }: PageSource<Item>,
  show: (item: Item) => Shown,
): Promise<ListPage<Shown>> {
  let place: PagePlace | undefined
  if (after !== undefined) {
    place = await find(after)
    if (place === undefined) {
      throw new ApiFault('not-found', `There is no object ${after} that the page could come after.`, {
        pointer: '?after',
      })
    }
  }
  const kept: Item[] = []
  // One more than the page holds tells whether there is more.
  while (kept.length <= limit) {
    const wanted = Math.max(limit, 100) + 1
    const found = await list({
      limit: wanted,
      ascending: order === 'asc',
      ...(place === undefined ? {} : { after: { createdAt: place.createdAt, id: place.id } }),
    })
    kept.push(...found.filter(keep))
    place = found.at(-1)
    if (found.length < wanted) break
  }
  return writeListPage(kept.slice(0, limit).map(show), kept.length > limit)
}
