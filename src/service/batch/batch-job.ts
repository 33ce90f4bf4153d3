import type { JsonObject } from '../../core/example.ts'
import type { QueuedJob } from '../../store/database/job-queue.ts'

/** The kind of these jobs in the queue. */
export const batchKind = 'batch'

/** What a batch job was asked for; never changed. */
export interface BatchSpec {
  /** The model as the client named it. */
  readonly modelId: string
  /** `s3://` URI of a file of records, or of what all of them begin with. */
  readonly input: string
  /** `s3://` URI. */
  readonly output: string
  /** What is not answered then is not answered any more; counted from the job's creation. */
  readonly timeoutHours: number
  /** What else the dialect was told and needs to answer. */
  readonly dialect: JsonObject
}

/** How far a batch job is. */
export interface BatchProgress {
  readonly stage: 'submitted' | 'validating' | 'running'
  /** Set at the end of a job that was not stopped and did not fail. */
  readonly outcome: 'completed' | 'partially-completed' | 'expired' | null
  /** Records; null until they are counted. */
  readonly total: number | null
  readonly succeeded: number
  readonly failed: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** What the client is to know beside. */
  readonly note: string | null
}

export type BatchJob = QueuedJob<BatchSpec, BatchProgress>

export const freshBatchProgress: BatchProgress = {
  stage: 'submitted',
  outcome: null,
  total: null,
  succeeded: 0,
  failed: 0,
  inputTokens: 0,
  outputTokens: 0,
  note: null,
}

/** What came of one record. */
export type RowAnswer =
  | { readonly output: object; readonly inputTokens: number; readonly outputTokens: number }
  | { readonly error: { readonly code: number; readonly message: string } }

/** Answers the body of one record. @throws `signal.reason` */
export type AnswerRow = (body: JsonObject, signal: AbortSignal) => Promise<RowAnswer>

/** Milliseconds since 1970 after which a job answers no more. */
export const batchDeadline = ({ spec, createdAt }: Pick<BatchJob, 'spec' | 'createdAt'>): number =>
  createdAt + spec.timeoutHours * 3_600_000
