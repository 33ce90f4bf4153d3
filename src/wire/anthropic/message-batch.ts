import { z } from 'zod'
import type { JsonObject } from '../../core/example.ts'
import { BodyFault } from '../dialect-request.ts'
import { writeError, type AnthropicErrorType } from './error-body.ts'

export interface BatchBody {
  readonly requests: readonly { readonly custom_id: string; readonly params: JsonObject }[]
}

/** What `POST /v1/messages/batches` is sent. Source: https://docs.anthropic.com/en/api/creating-message-batches */
export const batchBody: z.ZodType<BatchBody> = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'up to 64 letters, digits, _ and - are wanted'),
        params: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1)
    .max(100_000),
})

/** A request of a batch, read when its turn comes. */
export interface BatchedRequest {
  readonly customId: string
  readonly params: JsonObject
}

/** @throws BodyFault for an id that stands twice */
export function toBatchedRequests({ requests }: BatchBody): readonly BatchedRequest[] {
  const seen = new Map<string, number>()
  return requests.map(({ custom_id: customId, params }, at) => {
    const first = seen.get(customId)
    if (first !== undefined) {
      throw new BodyFault(
        `/requests/${at}/custom_id`,
        `${customId} is the id of request ${first} already: ids of a batch must differ`,
      )
    }
    seen.set(customId, at)
    return { customId, params }
  })
}

/** How far a batch is. Times are milliseconds since 1970. */
export interface BatchState {
  readonly id: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly cancelledAt: number | undefined
  readonly endedAt: number | undefined
  /** Of a batch that has ended: how its requests came out. */
  readonly outcomes: Readonly<Record<'succeeded' | 'errored' | 'canceled' | 'expired', number>>
  readonly requests: number
  readonly resultsUrl: string
}

/** Requests count as being processed until the whole batch has ended. */
export function writeBatch(batch: BatchState): object {
  const { createdAt, expiresAt, cancelledAt, endedAt, outcomes, requests } = batch
  const isOver = endedAt !== undefined
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: isOver ? 'ended' : cancelledAt === undefined ? 'in_progress' : 'canceling',
    request_counts: isOver
      ? { processing: 0, ...outcomes }
      : { processing: requests, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    created_at: time(createdAt),
    expires_at: time(expiresAt),
    cancel_initiated_at: cancelledAt === undefined ? null : time(cancelledAt),
    ended_at: isOver ? time(endedAt) : null,
    archived_at: null,
    results_url: isOver ? batch.resultsUrl : null,
  }
}

/** What came of one request. */
export type BatchedResult =
  | { readonly type: 'succeeded'; readonly message: object }
  | { readonly type: 'errored'; readonly error: AnthropicErrorType; readonly message: string }
  | { readonly type: 'canceled' }
  | { readonly type: 'expired' }

/** A line of the results. */
export function writeBatchResult(customId: string, result: BatchedResult): string {
  const written =
    result.type === 'errored'
      ? { type: 'errored', error: writeError(result.error, result.message, null) }
      : result
  return `${JSON.stringify({ custom_id: customId, result: written })}\n`
}

/** RFC 3339. */
const time = (milliseconds: number): string => new Date(milliseconds).toISOString()
