import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../core/example.ts'
import type { AnswerRow, BatchJob, RowAnswer } from '../../service/batch/batch-job.ts'
import { writeMessage } from '../../wire/anthropic/message-answer.ts'
import { messageForm } from '../../wire/anthropic/message-form.ts'
import { readMessageRequest } from '../../wire/anthropic/message-request.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import { gatherAnswer } from '../answer/answer-parts.ts'
import { InvocationNote } from '../answer/invocation-note.ts'
import { loggedRegion } from '../answer/noted-answer.ts'
import { tryAgain } from '../answer/try-again.ts'
import { ApiFault, internalFault, toFault } from '../json-api/api-fault.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { readBatchDetails } from './batch-details.ts'
import { failureOf, wordsOf } from './failure.ts'
import { messageParts } from './message-parts.ts'
import { requireModel } from './target.ts'

/**
 * What answers the requests of a batch, each by the model that it names.
 *
 * @param onFailure told of what is nobody's fault but the server's; the request gets a generic error
 */
export function openMessageBatch(
  context: AnthropicContext,
  job: BatchJob,
  onFailure: (error: unknown, job: string) => void,
): AnswerRow {
  const { account, identity, keyId } = readBatchDetails(job)
  return async (body, signal) => {
    const requestId = randomUUID()
    const model = typeof body['model'] === 'string' ? body['model'] : ''
    const asked = {
      requestId,
      region: loggedRegion,
      account,
      identity,
      operation: 'CreateMessage',
      modelId: model,
    }
    const note = await InvocationNote.begin(context, asked)
    return tryAgain(() => answerOnce(context, { body, requestId, note, keyId }, signal), {
      signal,
      isPassing(error) {
        const fault = toFault(error)
        return fault !== undefined && failureOf(fault).status >= 429
      },
      giveUp(error) {
        const fault = toFault(error)
        if (fault === undefined) onFailure(error, job.id)
        const told = fault ?? internalFault
        note.fail(failureOf(told).type, signal)
        return { error: { code: failureOf(told).status, message: wordsOf(told) } }
      },
    })
  }
}

async function answerOnce(
  context: AnthropicContext,
  {
    body,
    requestId,
    note,
    keyId,
  }: {
    readonly body: JsonObject
    readonly requestId: string
    readonly note: InvocationNote
    readonly keyId: string
  },
  signal: AbortSignal,
): Promise<RowAnswer> {
  const request = readMessageRequest(body)
  if (request.stream) throw new BodyFault('/stream', 'a request of a batch is not streamed')
  note.read(body, request.asked)
  const model = await requireModel(context, request.model)
  const answer = await gatherAnswer(messageParts(context, model, request.asked, { signal, client: keyId }))
  if (answer === undefined) throw new ApiFault('unavailable', 'The model gave no end of its answer.')
  const named = { id: requestId.replaceAll('-', '').slice(0, 24), model: request.model }
  const output = writeMessage(answer, named, messageForm({ caches: request.caches, tier: 'batch' }))
  note.end(output, answer.usage)
  return { output, ...answer.usage }
}
