import { z } from 'zod'

/** A list of objects as OpenAI answers it. */
export interface ListPage<Item> {
  readonly object: 'list'
  readonly data: readonly Item[]
  readonly has_more: boolean
  readonly first_id?: string | null
  readonly last_id?: string | null
}

export const writeListPage = <Item extends { readonly id: string }>(
  data: readonly Item[],
  hasMore: boolean,
): ListPage<Item> => ({
  object: 'list',
  data,
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
  has_more: hasMore,
})

/** What is asked of a page. */
export interface PageQuery {
  readonly limit: number
  /** Id of the last object of the page before. */
  readonly after?: string | undefined
  readonly order?: 'asc' | 'desc' | undefined
}

const count = (usual: number, most: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .prefault(String(usual))

/** @param usual what a page holds where nothing is said, and `most` what it holds at most */
export const pageMembers = (
  usual: number,
  most: number,
): {
  limit: z.ZodType<number>
  after: z.ZodOptional<z.ZodString>
  order: z.ZodOptional<z.ZodEnum<{ asc: 'asc'; desc: 'desc' }>>
} => ({
  limit: count(usual, most),
  after: z.string().min(1).max(200).optional(),
  order: z.enum(['asc', 'desc']).optional(),
})

/** The pairs of `metadata[KEY]=VALUE`; null where what has none is wanted, undefined where nothing is said. */
export function readMetadataFilter(
  query: URLSearchParams,
): Readonly<Record<string, string>> | null | undefined {
  if (query.get('metadata') === 'null') return null
  const pairs = [...query].flatMap(([name, value]) => {
    const key = /^metadata\[(.{1,64})\]$/s.exec(name)?.[1]
    return key === undefined ? [] : [[key, value] as const]
  })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}
