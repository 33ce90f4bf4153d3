import { z } from 'zod'
import type { BatchJob } from '../../service/batch/batch-job.ts'
import { batchEndpoints, type BatchEndpoint, type BatchFault } from '../../wire/openai/batch-object.ts'
import type { Metadata } from '../../wire/openai/metadata.ts'
import type { Identity } from '../aws/identity.ts'

/** What a batch of this API keeps beside what all batches do. */
export interface KeptBatch {
  readonly api: 'openai'
  readonly endpoint: BatchEndpoint
  readonly inputFile: string
  readonly metadata: Metadata | null
  /** What is wrong with the input: then it has no requests. */
  readonly faults: readonly BatchFault[]
  /** Seconds for which the files of answers stay; null for as long as nobody deletes them. */
  readonly outputSeconds: number | null
  /** Who asked: each request is one of theirs. */
  readonly identity: Identity
}

const kept: z.ZodType<KeptBatch> = z.object({
  api: z.literal('openai'),
  endpoint: z.enum(batchEndpoints),
  inputFile: z.string(),
  metadata: z.record(z.string(), z.string()).nullable(),
  faults: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      param: z.string().nullable(),
      line: z.int().nullable(),
    }),
  ),
  outputSeconds: z.number().nullable(),
  identity: z.object({
    keyId: z.string(),
    user: z.string(),
    account: z.string(),
    arn: z.string(),
    allow: z.array(z.string()),
  }),
})

/** Whether a batch was asked for by this API: others have answers in forms of their own. */
export const isOfOpenai = ({ spec }: Pick<BatchJob, 'spec'>): boolean => spec.dialect['api'] === 'openai'

export const keptBatch = ({ spec }: Pick<BatchJob, 'spec'>): KeptBatch => kept.parse(spec.dialect)
