import { begun } from '../../lib/begun.ts'
import { messageEvents, writeMessage } from '../../wire/anthropic/message-answer.ts'
import { messageForm } from '../../wire/anthropic/message-form.ts'
import {
  countBody,
  messageBody,
  toCountRequest,
  toMessageRequest,
} from '../../wire/anthropic/message-request.ts'
import type { AnswerContext } from '../../wire/dialect-request.ts'
import { jsonEvent, type ServerSentEvent } from '../../wire/server-sent-events.ts'
import { observeAnswer } from '../bedrock/runtime/observe-answer.ts'
import type { ApiReply } from '../json-api/api-request.ts'
import { route, type ApiCall, type ApiRoute } from '../json-api/api-route.ts'
import { answerParts, offeredTools, wholeAnswer } from './answer.ts'
import type { AnthropicContext } from './anthropic-context.ts'
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
  { id, identity, signal, facts, startedAt }: ApiCall,
  { model: name, stream, caches, asked }: ReturnType<typeof toMessageRequest>,
): Promise<ApiReply> {
  const { now, inference } = context
  const model = await requireModel(context, name)
  const form = messageForm({ caches })
  // Those that share a key take a turn together.
  const parts = observeAnswer(answerParts(context, model, asked, signal, identity.keyId), facts, {
    requested: name,
    model: model.homeId,
    now,
  })
  const headers = { 'x-hone-base-model': model.localBase }
  const named = { id: id.replaceAll('-', '').slice(0, 24), model: name }
  if (!stream) return { headers, json: writeMessage(await wholeAnswer(parts), named, form) }
  const tools = offeredTools(asked)
  const inputTokens = await inference.countTokens(model, { messages: asked.messages, tools }, signal)
  const answer: AnswerContext = { ...named, inputTokens: () => inputTokens, elapsed: () => now() - startedAt }
  const events = messageEvents(await begun(parts), answer, form)
  return {
    headers,
    events: (async function* (): AsyncGenerator<ServerSentEvent> {
      for await (const event of events) yield jsonEvent(event, event.type)
    })(),
  }
}
