import type { AnswerRow, BatchJob } from '../service/batch/batch-job.ts'
import { openMessageBatch } from './anthropic/answer-batch.ts'
import { isOfAnthropic } from './anthropic/batch-details.ts'
import type { BedrockContext } from './bedrock/bedrock-context.ts'
import { openBatchModel } from './bedrock/runtime/answer-batch.ts'
import type { ApiContext } from './create-json-apis.ts'
import { openRequestBatch } from './openai/answer-batch.ts'
import { isOfOpenai } from './openai/kept-batch.ts'
import { createOpenAiApi } from './openai/openai-api.ts'

/**
 * What answers the records of a batch job: the API that it was asked for in.
 *
 * @param onFailure told of what is nobody's fault but the server's; the record gets a generic error
 */
export function openBatch(
  context: ApiContext & BedrockContext,
  onFailure: (error: unknown, job: string) => void,
): (job: BatchJob) => Promise<AnswerRow> {
  const ofBedrock = openBatchModel(context, onFailure)
  const { routes } = createOpenAiApi(context)
  return async (job) => {
    if (isOfAnthropic(job)) return openMessageBatch(context, job, onFailure)
    if (isOfOpenai(job)) return openRequestBatch(routes, job, { now: context.now, onFailure })
    return ofBedrock(job)
  }
}
