import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { JsonObject } from '../../core/example.ts'
import type { AnswerRow, BatchJob, RowAnswer } from '../../service/batch/batch-job.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import { readWith } from '../../wire/read-body.ts'
import { tryAgain } from '../answer/try-again.ts'
import { isAllowed } from '../aws/identity.ts'
import { ApiFault, internalFault, toFault } from '../json-api/api-fault.ts'
import type { ApiCall, ApiRoute } from '../json-api/api-route.ts'
import { keptBatch } from './kept-batch.ts'

/**
 * What answers the requests of a batch: the routes that answer them alone.
 *
 * @param onFailure told of what is nobody's fault but the server's; the request gets a generic error
 */
export function openRequestBatch(
  routes: readonly ApiRoute[],
  job: BatchJob,
  {
    now,
    onFailure,
  }: { readonly now: () => number; readonly onFailure: (error: unknown, job: string) => void },
): AnswerRow {
  const { endpoint, identity } = keptBatch(job)
  const route = routes.find(({ method, path }) => method === 'POST' && path === endpoint)
  if (route === undefined) throw new Error(`nothing answers ${endpoint}`)
  return (body, signal) =>
    tryAgain(() => answerOnce(route, body, { identity, signal, now }), {
      signal,
      isPassing: (error) => (toFault(error)?.status ?? 0) >= 429,
      giveUp(error) {
        const fault = toFault(error)
        if (fault === undefined) onFailure(error, job.id)
        const { status, message } = fault ?? internalFault
        return { error: { code: status, message } }
      },
    })
}

const count = z.int().min(0).optional()
/** The two ways in which answers count tokens. */
const used = z.looseObject({
  usage: z
    .looseObject({
      prompt_tokens: count,
      completion_tokens: count,
      input_tokens: count,
      output_tokens: count,
    })
    .optional(),
})

async function answerOnce(
  route: ApiRoute,
  input: JsonObject,
  { identity, signal, now }: Pick<ApiCall, 'identity' | 'signal'> & { readonly now: () => number },
): Promise<RowAnswer> {
  if (input['stream'] === true) throw new BodyFault('/stream', 'a request of a batch is not streamed')
  const id = randomUUID()
  const call: ApiCall = {
    id,
    method: route.method,
    path: route.path,
    query: new URLSearchParams(),
    headers: {},
    identity,
    startedAt: now(),
    signal,
    facts: { id },
    labels: {},
    search: undefined,
    body: route.body === undefined ? undefined : readWith(route.body, input),
    stream: nothing,
  }
  const resource = route.resource?.(call) ?? '*'
  if (!isAllowed(identity, 'invoke', resource)) {
    throw new ApiFault('forbidden', `This key is not allowed to invoke ${resource.slice(0, 200)}.`)
  }
  const { json } = await route.answer(call)
  const { usage = {}, ...output } = used.parse(json)
  return {
    output: { ...output, usage },
    inputTokens: usage.prompt_tokens ?? usage.input_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? usage.output_tokens ?? 0,
  }
}

// A call whose body was read has no more of it.
async function* nothing(): AsyncGenerator<Buffer> {
  yield* []
}
