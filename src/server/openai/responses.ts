import type { JsonObject } from '../../core/example.ts'
import type { DialectPart } from '../../wire/dialect-request.ts'
import type { IndexedPart } from '../../wire/openai/chat-answer.ts'
import { responseEvents, writeResponse } from '../../wire/openai/response-answer.ts'
import { keptItems, readKeptItem, toMessages } from '../../wire/openai/response-items.ts'
import { fromObjectId } from '../../wire/openai/object-id.ts'
import { countBody, responseBody, type ResponseAsked } from '../../wire/openai/response-request.ts'
import { jsonEvent, type ServerSentEvent } from '../../wire/server-sent-events.ts'
import { offeredTools } from '../answer/answer-parts.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { toFault } from '../json-api/api-fault.ts'
import type { ApiRequest } from '../json-api/api-request.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import { largestQuestion, withUsage } from './chat-completions.ts'
import { readConversation } from './conversation.ts'
import { generate, sumOfUsage, wholeAnswers, type Generation } from './generate.ts'
import { findModel } from './models.ts'
import { storedResponseRoutes } from './stored-responses.ts'

export const responseRoutes = (context: ApiContext): readonly ApiRoute[] => [
  route({
    name: 'Responses.create',
    method: 'POST',
    path: '/v1/responses',
    action: 'invoke',
    body: responseBody,
    largestBody: largestQuestion,
    resource: ({ body }) => body.model,
    async answer(call) {
      const { model, body, stream, isStored, previous } = call.body
      const owner = call.identity.user
      const { before, input } = await readConversation(context.responses, call.body, owner)
      const request = call.body.toRequest(toMessages([...before.map(readKeptItem), ...input]))
      const asked = { model, body, requests: [request], schemaAt: '/text/format/schema' }
      return generate(context, call, { operation: 'Responses.create', asked }, async (generation) => {
        const { id } = generation.context
        const keep = async (response: JsonObject): Promise<void> => {
          if (!isStored) return
          const parent = previous === undefined ? null : (fromObjectId('resp_', previous) ?? null)
          await context.responses.keep(id, parent, { owner, input: keptItems(id, input), response })
        }
        if (stream) return { events: events(generation, call, { sent: call.body, keep }) }
        const [answer] = await wholeAnswers(generation.parts, 1)
        if (answer === undefined) throw new Error('one answer was asked for, and none came')
        const json = writeResponse(answer, generation.context, body)
        await keep(json)
        generation.note.end(json, answer.usage)
        return { json }
      })
    },
  }),
  route({
    name: 'Responses.inputTokens.count',
    method: 'POST',
    path: '/v1/responses/input_tokens',
    action: 'invoke',
    body: countBody,
    largestBody: largestQuestion,
    resource: ({ body }) => body.model,
    async answer({ body, identity, signal }) {
      const { before, input } = await readConversation(context.responses, body, identity.user)
      const asked = body.toRequest(toMessages([...before.map(readKeptItem), ...input]))
      const model = await findModel(context, body.model, '/model')
      const counted = { ...asked, tools: offeredTools(asked) }
      const tokens = await context.inference.countTokens(model, counted, signal)
      return {
        headers: { 'x-hone-base-model': model.localBase },
        json: { object: 'response.input_tokens', input_tokens: tokens },
      }
    },
  }),
  ...storedResponseRoutes(context),
]

interface StreamedResponse {
  readonly sent: ResponseAsked
  /** Called with the response before its end is told, so that whoever reads that can go on from it. */
  readonly keep: (response: JsonObject) => Promise<void>
}

async function* events(
  { parts, context, note }: Generation,
  { facts, signal }: ApiRequest,
  { sent, keep }: StreamedResponse,
): AsyncGenerator<ServerSentEvent> {
  const usages: Parameters<typeof sumOfUsage>[0][number][] = []
  const toFailure = (error: unknown): { code: string; message: string } | undefined => {
    const fault = signal.aborted ? undefined : toFault(error)
    if (fault === undefined) return undefined
    facts.error = fault.code ?? fault.kind
    note.fail(facts.error, signal)
    return {
      code: fault.kind === 'throttled' ? 'rate_limit_exceeded' : 'server_error',
      message: fault.message,
    }
  }
  for await (const event of responseEvents(items(withUsage(parts, usages)), context, sent.body, toFailure)) {
    if (lastEvents.has(event.type)) await keep(event['response'] as JsonObject)
    note.event(event)
    yield jsonEvent(event, event.type)
  }
  note.endOfEvents(sumOfUsage(usages))
}

const lastEvents: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
])

async function* items(parts: AsyncIterable<IndexedPart>): AsyncGenerator<DialectPart> {
  for await (const { item } of parts) yield item
}
