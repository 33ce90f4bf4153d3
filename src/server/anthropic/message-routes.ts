import type { NamedModel } from '../../service/serving/model-directory.ts'
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
import { answerParts, gatherAnswer, gathering, offeredTools } from '../answer/answer-parts.ts'
import { InvocationNote } from '../answer/invocation-note.ts'
import { observeAnswer } from '../answer/observe-answer.ts'
import { ApiFault, internalFault, toFault } from '../json-api/api-fault.ts'
import type { ApiReply } from '../json-api/api-request.ts'
import { route, type ApiCall, type ApiRoute } from '../json-api/api-route.ts'
import { failureOf } from './failure.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { loggedRegion } from './logged-region.ts'
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
      const tokens = await context.inference.countTokens(model, { messages: asked.messages, tools }, signal)
      return { headers: { 'x-hone-base-model': model.localBase }, json: { input_tokens: tokens } }
    },
  }),
]

async function createMessage(
  context: AnthropicContext,
  call: ApiCall,
  request: MessageRequest,
): Promise<ApiReply> {
  const { id: requestId, identity, facts, signal } = call
  const note = await InvocationNote.begin(context, {
    requestId,
    region: loggedRegion,
    account: identity.account,
    identity: identity.arn,
    operation: 'CreateMessage',
    modelId: request.model,
  })
  note.read(call.body, request.asked)
  try {
    const model = await requireModel(context, request.model)
    // Those that share a key take a turn together.
    const parts = observeAnswer(answerParts(context, model, request.asked, signal, identity.keyId), facts, {
      requested: request.model,
      model: model.homeId,
      now: context.now,
    })
    const answer = await (request.stream ? streamed : whole)(context, call, { request, model, parts, note })
    return { headers: { 'x-hone-base-model': model.localBase }, ...answer }
  } catch (error) {
    note.fail(errorTypeOf(error), signal)
    throw error
  }
}

interface Begun {
  readonly request: MessageRequest
  readonly model: NamedModel
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
  const inputTokens = await inference.countTokens(model, { messages: asked.messages, tools }, signal)
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
      try {
        for await (const event of messageEvents(watched, answer, messageForm(request))) {
          note.event(event)
          yield jsonEvent(event, event.type)
        }
        note.endOfEvents(usage)
      } catch (error) {
        note.fail(errorTypeOf(error), signal)
        throw error
      } finally {
        note.leave()
      }
    })(),
  }
}

const messageId = (id: string): string => id.replaceAll('-', '').slice(0, 24)

/** What the client is told. */
const errorTypeOf = (error: unknown): string => failureOf(toFault(error) ?? internalFault).type
