import { z } from 'zod'
import { parseJson } from '../../lib/parse-json.ts'
import { expiresAfter } from './file-object.ts'
import { metadata, type Metadata } from './metadata.ts'
import { toSeconds, type ListedObject } from './object-id.ts'

/** What a batch can ask. */
export const batchEndpoints = ['/v1/chat/completions', '/v1/completions', '/v1/responses'] as const
export type BatchEndpoint = (typeof batchEndpoints)[number]

/** Source: https://platform.openai.com/docs/api-reference/batch/create */
export const mostRequests = 50_000

export interface BatchRequestBody {
  readonly input_file_id: string
  readonly endpoint: BatchEndpoint
  readonly completion_window: '24h'
  readonly metadata?: Metadata | null | undefined
  readonly output_expires_after?: { readonly anchor: 'created_at'; readonly seconds: number } | undefined
}

/** The body of `POST /v1/batches`. */
export const batchBody: z.ZodType<BatchRequestBody> = z.strictObject({
  input_file_id: z.string().min(1).max(200),
  endpoint: z.enum(batchEndpoints),
  completion_window: z.literal('24h'),
  metadata: metadata.nullable().optional(),
  output_expires_after: expiresAfter.optional(),
})

/** What is wrong with an input file. */
export interface BatchFault {
  readonly code: string
  readonly message: string
  readonly param: string | null
  /** Counted from 1. */
  readonly line: number | null
}

/** One request of a batch. */
export interface BatchLine {
  readonly customId: string
  readonly body: Readonly<Record<string, unknown>>
}

const line = z.looseObject({
  custom_id: z.string().min(1).max(512),
  method: z.literal('POST'),
  url: z.string(),
  body: z.record(z.string(), z.unknown()),
})

/** Reads a line of an input file. What is wrong comes back without its line. */
export function readBatchLine(text: string, endpoint: BatchEndpoint): BatchLine | Omit<BatchFault, 'line'> {
  let parsed: unknown
  try {
    parsed = parseJson(text)
  } catch {
    return { code: 'invalid_json_line', message: 'This line is not parseable as valid JSON.', param: null }
  }
  const { success, data, error } = line.safeParse(parsed)
  if (!success) {
    const [issue] = error.issues
    const param = issue?.path.join('.') ?? ''
    const isMissing = param !== '' && issue?.code === 'invalid_type' && !hasMember(parsed, param)
    return {
      code: isMissing ? 'missing_required_parameter' : 'invalid_request',
      message: isMissing ? `Missing required parameter: '${param}'.` : `'${param}': ${issue?.message ?? ''}`,
      param: param === '' ? null : param,
    }
  }
  if (data.url !== endpoint) {
    const message = `The URL provided for this request does not match the batch endpoint ${endpoint}.`
    return { code: 'mismatched_endpoint', message, param: 'url' }
  }
  return { customId: data.custom_id, body: data.body }
}

const hasMember = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)

/** Writes a line of an input file. */
export const writeBatchLine = ({ customId, body }: BatchLine, endpoint: BatchEndpoint): string =>
  JSON.stringify({ custom_id: customId, method: 'POST', url: endpoint, body })

/** What came of one request. */
export interface BatchResult {
  readonly id: string
  readonly customId: string
  readonly requestId: string
  readonly status: number
  readonly body: object
}

/** A line of an output or an error file. */
export const writeBatchResult = ({ id, customId, requestId, status, body }: BatchResult): string =>
  JSON.stringify({
    id,
    custom_id: customId,
    response: { status_code: status, request_id: requestId, body },
    error: null,
  })

/** A line of an error file for a request that there was no time for. */
export const writeUnanswered = ({ id, customId }: Pick<BatchResult, 'id' | 'customId'>): string =>
  JSON.stringify({
    id,
    custom_id: customId,
    response: null,
    error: {
      code: 'batch_expired',
      message: 'This request could not be executed before the completion window expired.',
    },
  })

export type BatchStatus =
  | 'validating'
  | 'failed'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'expired'
  | 'cancelling'
  | 'cancelled'

/** What is known of a batch. Times in milliseconds since 1970. */
export interface BatchFacts {
  readonly id: string
  readonly endpoint: BatchEndpoint
  readonly inputFile: string
  readonly status: BatchStatus
  readonly createdAt: number
  readonly expiresAt: number
  readonly changedAt: number
  readonly endedAt: number | null
  readonly faults: readonly BatchFault[]
  readonly outputFile: string | null
  readonly errorFile: string | null
  readonly total: number
  readonly completed: number
  readonly failed: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly metadata: Metadata | null
}

/** `batch`. Source: https://platform.openai.com/docs/api-reference/batch/object */
export function writeBatch(batch: BatchFacts): ListedObject {
  const { status, endedAt } = batch
  const ended = endedAt === null ? null : toSeconds(endedAt)
  const at = (wanted: BatchStatus): number | null => (status === wanted ? ended : null)
  const isStopping = status === 'cancelling' || status === 'cancelled'
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    errors: batch.faults.length === 0 ? null : { object: 'list', data: batch.faults },
    input_file_id: batch.inputFile,
    completion_window: '24h',
    status,
    output_file_id: batch.outputFile,
    error_file_id: batch.errorFile,
    created_at: toSeconds(batch.createdAt),
    in_progress_at: status === 'validating' || status === 'failed' ? null : toSeconds(batch.createdAt),
    expires_at: toSeconds(batch.expiresAt),
    finalizing_at: at('completed'),
    completed_at: at('completed'),
    failed_at: at('failed'),
    expired_at: at('expired'),
    cancelling_at: isStopping ? toSeconds(endedAt ?? batch.changedAt) : null,
    cancelled_at: at('cancelled'),
    request_counts: { total: batch.total, completed: batch.completed, failed: batch.failed },
    usage: {
      input_tokens: batch.inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: batch.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: batch.inputTokens + batch.outputTokens,
    },
    metadata: batch.metadata,
  }
}
