import type { AnsweringModel } from '../../service/serving/answering-models.ts'
import { begun } from '../../lib/begun.ts'
import { messageEvents, writeMessage } from '../../wire/anthropic/message-answer.ts'
import { messageForm } from '../../wire/anthropic/message-form.ts'
import {
  countBody,
  messageBody,
  toCountRequest,
  toMessageRequest,
  type MessageRequest,
} from '../../wire/anthropic/message-request.ts'
import type { AnswerContext, DialectAnswer, DialectPart } from '../../wire/dialect-request.ts'
import { jsonEvent, type ServerSentEvent } from '../../wire/server-sent-events.ts'
import { gatherAnswer, gathering, offeredTools } from '../answer/answer-parts.ts'
import type { InvocationNote } from '../answer/invocation-note.ts'
import { decisionHeaders, withDecide } from '../answer/label-decision.ts'
import { notedAnswer } from '../answer/noted-answer.ts'
import { observeAnswer } from '../answer/observe-answer.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { ApiReply } from '../json-api/api-request.ts'
import { route, type ApiCall, type ApiRoute } from '../json-api/api-route.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { messageParts } from './message-parts.ts'
import { requireModel } from './target.ts'

/** Largest body of a request for a message, in bytes. Source: https://docs.anthropic.com/en/api/errors#request-size-limits */
const largestBody = 32 * 2 ** 20

export const messageRoutes = (context: AnthropicContext): readonly ApiRoute[] => [
  route({
    name: 'CreateMessage',
    method: 'POST',
    path: '/v1/messages',
    action: 'invoke',
    resource: ({ body }) => body.model,
    body: messageBody,
    largestBody,
    answer: (call) => createMessage(context, call, toMessageRequest(call.body)),
  }),
  route({
    name: 'CountMessageTokens',
    method: 'POST',
    path: '/v1/messages/count_tokens',
    action: 'invoke',
    resource: ({ body }) => body.model,
    body: countBody,
    largestBody,
    async answer({ body, signal }) {
      const { model: name, asked } = toCountRequest(body)
      const model = await requireModel(context, name)
      const tools = offeredTools(asked)
      const tokens = await context.inference.countTokens(model, { ...asked, tools }, signal)
      return { headers: { 'x-hone-base-model': model.localBase }, json: { input_tokens: tokens } }
    },
  }),
]

async function createMessage(
  context: AnthropicContext,
  call: ApiCall,
  given: MessageRequest,
): Promise<ApiReply> {
  const { identity, facts, signal } = call
  const request = { ...given, asked: withDecide(given.asked, call.headers) }
  const asked = { operation: 'CreateMessage', modelId: request.model }
  return notedAnswer(context, call, asked, async (note) => {
    note.read(call.body, request.asked)
    const model = await requireModel(context, request.model)
    // Those that share a key take a turn together.
    const parts = observeAnswer(
      messageParts(context, model, request.asked, { signal, client: identity.keyId }),
      facts,
      {
        requested: request.model,
        model: model.homeId,
        now: context.now,
      },
    )
    const answer = await (request.stream ? streamed : whole)(context, call, { request, model, parts, note })
    const decided = await decisionHeaders(context.inference, model, request.asked)
    return { headers: { ...modelHeaders(context, model), ...decided }, ...answer }
  })
}

/** What is told of a model: what it really is, and what is left of what its endpoint has bought. */
function modelHeaders(
  { throughput, now }: AnthropicContext,
  { localBase, endpoint }: AnsweringModel,
): Record<string, string> {
  const headers = { 'x-hone-base-model': localBase }
  const units = endpoint?.document.units
  if (endpoint === undefined || units === undefined || units === null) return headers
  const { tokens, most } = throughput.left(endpoint.id, units)
  return {
    ...headers,
    'anthropic-ratelimit-tokens-limit': String(most),
    'anthropic-ratelimit-tokens-remaining': String(tokens),
    'anthropic-ratelimit-tokens-reset': new Date(now() + ((most - tokens) / most) * 60_000).toISOString(),
  }
}

interface Begun {
  readonly request: MessageRequest
  readonly model: AnsweringModel
  readonly parts: AsyncGenerator<DialectPart>
  readonly note: InvocationNote
}

async function whole(
  _: AnthropicContext,
  { id }: ApiCall,
  { request, parts, note }: Begun,
): Promise<ApiReply> {
  const answer = await gatherAnswer(parts)
  if (answer === undefined) throw new ApiFault('unavailable', 'The model gave no end of its answer.')
  const named = { id: messageId(id), model: request.model }
  const message = writeMessage(answer, named, messageForm(request))
  note.end(message, answer.usage)
  return { json: message }
}

async function streamed(
  { inference, now }: AnthropicContext,
  { id, signal, startedAt }: ApiCall,
  { request, model, parts, note }: Begun,
): Promise<ApiReply> {
  const { asked } = request
  const tools = offeredTools(asked)
  const inputTokens = await inference.countTokens(model, { ...asked, tools }, signal)
  const answering = await begun(parts)
  return {
    events: (async function* (): AsyncGenerator<ServerSentEvent> {
      let usage: DialectAnswer['usage'] = { inputTokens, outputTokens: 0 }
      const watched = gathering(answering, (answer) => (usage = answer.usage))
      const answer: AnswerContext = {
        id: messageId(id),
        model: request.model,
        inputTokens: () => inputTokens,
        elapsed: () => now() - startedAt,
      }
      for await (const event of messageEvents(watched, answer, messageForm(request))) {
        note.event(event)
        yield jsonEvent(event, event.type)
      }
      note.endOfEvents(usage)
    })(),
  }
}

const messageId = (id: string): string => id.replaceAll('-', '').slice(0, 24)
