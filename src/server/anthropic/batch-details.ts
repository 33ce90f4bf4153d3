import { z } from 'zod'
import type { BatchJob } from '../../service/batch/batch-job.ts'

/** What a batch of this API keeps beside what all batches do. */
export interface BatchDetails {
  readonly api: 'anthropic'
  readonly requests: number
  /** Who asked, for the turns that keys take and for the log of invocations. */
  readonly keyId: string
  readonly account: string
  readonly identity: string
}

const details: z.ZodType<BatchDetails> = z.object({
  api: z.literal('anthropic'),
  requests: z.int(),
  keyId: z.string(),
  account: z.string(),
  identity: z.string(),
})

/** Whether a batch was asked for by this API: others have answers in forms of their own. */
export const isOfAnthropic = ({ spec }: Pick<BatchJob, 'spec'>): boolean =>
  spec.dialect['api'] === 'anthropic'

export const readBatchDetails = ({ spec }: Pick<BatchJob, 'spec'>): BatchDetails =>
  details.parse(spec.dialect)
