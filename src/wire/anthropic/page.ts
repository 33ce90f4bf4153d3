import { z } from 'zod'
import type { JsonObject } from '../../core/example.ts'
import { BodyFault } from '../dialect-request.ts'

/** What part of a list is wanted: by the id of a neighbour, newest first. */
export interface PageRequest {
  readonly limit: number
  readonly after: string | undefined
  readonly before: string | undefined
}

/** The query of a list. */
export interface PageQuery {
  readonly limit?: number | undefined
  readonly after_id?: string | undefined
  readonly before_id?: string | undefined
}

export const pageQuery: z.ZodType<PageQuery> = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,5}$/, 'a whole number is wanted')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 1000, 'between 1 and 1000')
    .optional(),
  after_id: z.string().min(1).optional(),
  before_id: z.string().min(1).optional(),
})

/** @throws BodyFault */
export function toPageRequest({ limit = 20, after_id: after, before_id: before }: PageQuery): PageRequest {
  if (after !== undefined && before !== undefined) {
    throw new BodyFault('/before_id', 'give after_id or before_id, not both')
  }
  return { limit, after, before }
}

/** What a list holds. */
export type ListedObject = { readonly id: string } & JsonObject

/** A part of a list. @param hasMore in the direction that was asked for */
export const writePage = (
  data: readonly { readonly id: string }[],
  hasMore: boolean,
): {
  readonly data: readonly object[]
  readonly has_more: boolean
  readonly first_id: string | null
  readonly last_id: string | null
} => ({ data, has_more: hasMore, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null })
