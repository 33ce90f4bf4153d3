import type { DialectPart } from '../../wire/dialect-request.ts'
import type { IndexedPart } from '../../wire/openai/chat-answer.ts'
import { responseEvents, writeResponse } from '../../wire/openai/response-answer.ts'
import { responseBody, type ResponseAsked } from '../../wire/openai/response-request.ts'
import { jsonEvent, type ServerSentEvent } from '../../wire/server-sent-events.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { toFault } from '../json-api/api-fault.ts'
import type { ApiRequest } from '../json-api/api-request.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import { largestQuestion, withUsage } from './chat-completions.ts'
import { generate, sumOfUsage, wholeAnswers, type Generation } from './generate.ts'

export const responseRoutes = (context: ApiContext): readonly ApiRoute[] => [
  route({
    name: 'Responses.create',
    method: 'POST',
    path: '/v1/responses',
    action: 'invoke',
    body: responseBody,
    largestBody: largestQuestion,
    resource: ({ body }) => body.model,
    answer(call) {
      const { model, body, request, stream } = call.body
      const asked = { model, body, requests: [request], schemaAt: '/text/format/schema' }
      return generate(context, call, { operation: 'Responses.create', asked }, async (generation) => {
        if (stream) return { events: events(generation, call, call.body) }
        const [answer] = await wholeAnswers(generation.parts, 1)
        if (answer === undefined) throw new Error('one answer was asked for, and none came')
        const json = writeResponse(answer, generation.context, body)
        generation.note.end(json, answer.usage)
        return { json }
      })
    },
  }),
]

async function* events(
  { parts, context, note }: Generation,
  { facts, signal }: ApiRequest,
  { body }: ResponseAsked,
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
  for await (const event of responseEvents(items(withUsage(parts, usages)), context, body, toFailure)) {
    note.event(event)
    yield jsonEvent(event, event.type)
  }
  note.endOfEvents(sumOfUsage(usages))
}

async function* items(parts: AsyncIterable<IndexedPart>): AsyncGenerator<DialectPart> {
  for await (const { item } of parts) yield item
}
