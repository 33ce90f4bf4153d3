import { fromPageToken, toPageToken } from '../aws/page-token.ts'
import { validationError } from './bedrock-error.ts'

/** Where a page ended. */
export interface PagePlace {
  readonly createdAt: number
  readonly id: string
}

/** What is asked of a list. */
interface PageOptions {
  readonly limit: number
  readonly ascending: boolean
  readonly after?: PagePlace
}

const usualPage = 100

export interface PageRequest {
  /** Path of the list, whose tokens are no other's. */
  readonly path: string
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
  readonly sortOrder?: 'Ascending' | 'Descending' | undefined
}

/**
 * One page of a list and the token of the next. Newest first unless told otherwise.
 *
 * @param list gives the items in order, from a place on; asked again until the page is full
 * @param keep which of them are wanted, beyond what `list` can tell
 */
export async function page<Item extends PagePlace>(
  { path, maxResults = usualPage, nextToken, sortOrder }: PageRequest,
  list: (options: PageOptions) => Promise<Item[]>,
  keep: (item: Item) => boolean = () => true,
): Promise<{ readonly items: readonly Item[]; readonly nextToken?: string }> {
  const limit = Math.max(maxResults, usualPage) + 1
  const kept: Item[] = []
  let after = nextToken === undefined ? undefined : readToken(path, nextToken)
  // One more than the page holds tells whether there is more.
  while (kept.length <= maxResults) {
    const found = await list({
      limit,
      ascending: sortOrder === 'Ascending',
      ...(after === undefined ? {} : { after }),
    })
    kept.push(...found.filter(keep))
    if (found.length < limit) break
    after = found.at(-1)
  }
  const items = kept.slice(0, maxResults)
  const last = items.at(-1)
  return kept.length <= maxResults || last === undefined
    ? { items }
    : { items, nextToken: writeToken(path, last) }
}

const writeToken = (path: string, { createdAt, id }: PagePlace): string =>
  toPageToken(path, `${createdAt} ${id}`)

function readToken(path: string, token: string): PagePlace {
  const [, createdAt, id] = /^(\d+) (.*)$/s.exec(fromPageToken(path, token) ?? '') ?? []
  if (createdAt === undefined || id === undefined) {
    throw validationError('The provided nextToken is not valid.')
  }
  return { createdAt: Number(createdAt), id }
}
