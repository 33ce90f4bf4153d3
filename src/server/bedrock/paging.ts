import { validationError } from './bedrock-error.ts'

/** Where a page ended. */
export interface PagePlace {
  readonly createdAt: number
  readonly id: string
}

/** What is asked of a list. */
export interface PageOptions {
  readonly limit: number
  readonly ascending: boolean
  readonly after?: PagePlace
}

const usualPage = 100

export interface PageRequest {
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
  readonly sortOrder?: 'Ascending' | 'Descending' | undefined
}

/**
 * One page of a list and the token of the next. Newest first unless told otherwise.
 *
 * @param list asked for one more than the page holds, which tells whether there is more
 */
export async function page<Item extends PagePlace>(
  { maxResults = usualPage, nextToken, sortOrder }: PageRequest,
  list: (options: PageOptions) => Promise<Item[]>,
): Promise<{ readonly items: readonly Item[]; readonly nextToken?: string }> {
  const after = nextToken === undefined ? undefined : readToken(nextToken)
  const found = await list({
    limit: maxResults + 1,
    ascending: sortOrder === 'Ascending',
    ...(after === undefined ? {} : { after }),
  })
  const items = found.slice(0, maxResults)
  const last = items.at(-1)
  return found.length <= maxResults || last === undefined ? { items } : { items, nextToken: writeToken(last) }
}

/** As much of a list as is asked for, of what fulfils a condition that its store does not know. */
export async function listWhere<Item extends PagePlace>(
  list: (options: PageOptions) => Promise<Item[]>,
  options: PageOptions,
  isWanted: (item: Item) => boolean,
): Promise<Item[]> {
  const wanted: Item[] = []
  for (let next = options; ;) {
    const found = await list(next)
    wanted.push(...found.filter(isWanted))
    const last = found.at(-1)
    if (last === undefined || found.length < options.limit || wanted.length >= options.limit) {
      return wanted.slice(0, options.limit)
    }
    next = { ...options, after: { createdAt: last.createdAt, id: last.id } }
  }
}

const writeToken = ({ createdAt, id }: PagePlace): string =>
  Buffer.from(JSON.stringify([createdAt, id])).toString('base64url')

function readToken(token: string): PagePlace {
  try {
    const [createdAt, id] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[]
    if (typeof createdAt === 'number' && typeof id === 'string') return { createdAt, id }
  } catch {
    // Told below.
  }
  throw validationError('The provided nextToken is not valid.')
}
