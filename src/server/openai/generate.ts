import { createHash, randomInt } from 'node:crypto'
import { HoneError } from '../../core/errors.ts'
import { begun } from '../../lib/begun.ts'
import { mergeItems } from '../../lib/merge-items.ts'
import { packageVersion } from '../../lib/package-version.ts'
import type { AnsweringModel } from '../../service/serving/answering-models.ts'
import type { DialectAnswer, DialectRequest } from '../../wire/dialect-request.ts'
import type { CompletionContext, IndexedPart } from '../../wire/openai/chat-answer.ts'
import { withShownTokens } from '../../wire/openai/token-bytes.ts'
import { answerParts, gatherAnswer } from '../answer/answer-parts.ts'
import type { InvocationNote } from '../answer/invocation-note.ts'
import { decisionHeaders, withDecide } from '../answer/label-decision.ts'
import { notedAnswer } from '../answer/noted-answer.ts'
import { observeAnswers } from '../answer/observe-answer.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { ApiReply, ApiRequest } from '../json-api/api-request.ts'
import { findModel } from './models.ts'

/** What a request asks a model for. */
export interface Asked {
  readonly model: string
  /** As it was sent, for the log. */
  readonly body: unknown
  /** One for each answer that is wanted. */
  readonly requests: readonly DialectRequest[]
  /** JSON pointer of the schema that an answer is kept to. */
  readonly schemaAt?: string
}

/** Answers that are being generated. */
export interface Generation {
  readonly model: AnsweringModel
  readonly context: CompletionContext
  readonly note: InvocationNote
  /** Parts of all answers as they come; the first is there. */
  readonly parts: AsyncGenerator<IndexedPart>
}

/**
 * Asks the model that a request names, and notes what is asked and answered. What fails before the first part fails here.
 *
 * @throws ApiFault; HoneError; BodyFault; QueueFull; ThroughputExceeded; `signal.reason`
 */
export function generate(
  context: ApiContext,
  call: ApiRequest,
  { operation, asked: given }: { readonly operation: string; readonly asked: Asked },
  act: (generation: Generation) => Promise<ApiReply>,
): Promise<ApiReply> {
  return notedAnswer(context, call, { operation, modelId: given.model }, async (note) => {
    const requests = given.requests.map((request) => withDecide(request, call.headers))
    const asked = { ...given, requests }
    const model = await findModel(context, asked.model, '/model')
    const [first] = requests
    if (first !== undefined) note.read(asked.body, first)
    const parts = await begun(observed(context, call, model, asked)).catch((error: unknown) => {
      throw schemaFault(error, asked) ?? error
    })
    const decided = first === undefined ? {} : await decisionHeaders(context.inference, model, first)
    const reply = await act({ model, note, parts, context: completionContext(call, model) })
    return { ...reply, headers: { ...modelHeaders(context, model), ...decided, ...reply.headers } }
  })
}

/** A schema that cannot be kept to: the place is one in the request, and the message says where in the schema. */
function schemaFault(error: unknown, { requests, schemaAt }: Asked): ApiFault | undefined {
  if (!HoneError.isInstance(error) || error.code !== 'E_CONSTRAINT') return undefined
  const { message, hint, at } = error
  const isOfAnswer = requests.some(({ constraint }) => constraint !== undefined)
  const place = at.pointer === undefined || at.pointer === '' ? '' : ` At ${at.pointer}:`
  return new ApiFault('invalid', `Invalid schema.${place} ${message}.`, {
    code: 'invalid_json_schema',
    pointer: isOfAnswer ? schemaAt : '/tools',
    hint,
    cause: error,
  })
}

const largestSeed = 2 ** 31

function observed(
  context: ApiContext,
  { identity, signal, facts }: ApiRequest,
  model: AnsweringModel,
  { requests, model: requested }: Asked,
): AsyncGenerator<IndexedPart> {
  // Whoever asks again without a seed gets another answer.
  const seed = randomInt(largestSeed)
  const answers = requests.map((request, index) =>
    withShownTokens(
      // Those that share a key take a turn together.
      answerParts(context, model, { ...request, seed: request.seed ?? seed + index }, signal, identity.keyId),
    ),
  )
  return observeAnswers(mergeItems(answers), facts, { requested, model: model.homeId, now: context.now })
}

const completionContext = (
  { id, startedAt }: Pick<ApiRequest, 'id' | 'startedAt'>,
  { name, homeId }: AnsweringModel,
): CompletionContext => ({
  id: id.replaceAll('-', ''),
  created: Math.floor(startedAt / 1000),
  // Of a base that was named without its version, the one that it stands for.
  model: name,
  fingerprint: `fp_${createHash('sha256').update(`${packageVersion()} ${homeId}`).digest('hex').slice(0, 10)}`,
})

/** Told to the client: Hone never pretends that the local model is the one that was named. */
function modelHeaders(
  { throughput }: ApiContext,
  { localBase, endpoint }: AnsweringModel,
): Record<string, string> {
  const headers = { 'x-hone-base-model': localBase }
  const units = endpoint?.document.units
  if (endpoint === undefined || units === undefined || units === null) return headers
  const { tokens, most } = throughput.left(endpoint.id, units)
  const seconds = Math.ceil(((most - tokens) / most) * 60)
  return {
    ...headers,
    'x-ratelimit-limit-tokens': String(most),
    'x-ratelimit-remaining-tokens': String(tokens),
    'x-ratelimit-reset-tokens': `${seconds}s`,
  }
}

/** All answers whole, in order. @throws ApiFault `unavailable` where one has no end */
export async function wholeAnswers(
  parts: AsyncIterable<IndexedPart>,
  count: number,
): Promise<readonly DialectAnswer[]> {
  const each = Array.from({ length: count }, (): IndexedPart['item'][] => [])
  for await (const { index, item } of parts) each[index]?.push(item)
  return Promise.all(
    each.map(async (items) => {
      const answer = await gatherAnswer(listed(items))
      if (answer === undefined) throw new ApiFault('unavailable', 'The model gave no end of its answer.')
      return answer
    }),
  )
}

async function* listed<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

/** Tokens of all answers, for the note. */
export const sumOfUsage = (usages: readonly DialectAnswer['usage'][]): DialectAnswer['usage'] => ({
  inputTokens: Math.max(0, ...usages.map(({ inputTokens }) => inputTokens)),
  outputTokens: usages.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
})
