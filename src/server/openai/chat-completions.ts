import { chatCompletionChunks, writeChatCompletion, type IndexedPart } from '../../wire/openai/chat-answer.ts'
import { chatBody, type ChatAsked } from '../../wire/openai/chat-request.ts'
import { jsonEvent, type ServerSentEvent } from '../../wire/server-sent-events.ts'
import type { InvocationNote } from '../answer/invocation-note.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import { generate, sumOfUsage, wholeAnswers, type Generation } from './generate.ts'

/** Largest body of a question to a model, in bytes. */
export const largestQuestion = 25_000_000

export const chatCompletionRoutes = (context: ApiContext): readonly ApiRoute[] => [
  route({
    name: 'ChatCompletions.create',
    method: 'POST',
    path: '/v1/chat/completions',
    action: 'invoke',
    body: chatBody,
    largestBody: largestQuestion,
    resource: ({ body }) => body.model,
    answer(call) {
      const { body } = call
      const requests = Array.from({ length: body.choices }, (_, index) => ({
        ...body.request,
        ...(body.request.seed === undefined ? {} : { seed: body.request.seed + index }),
      }))
      const asked = {
        model: body.model,
        body: body.body,
        requests,
        schemaAt: '/response_format/json_schema/schema',
      }
      return generate(context, call, { operation: 'ChatCompletions.create', asked }, async (generation) => {
        if (body.stream) return { events: chunkEvents(generation, body) }
        const answers = await wholeAnswers(generation.parts, body.choices)
        const json = writeChatCompletion(answers, generation.context)
        generation.note.end(json, sumOfUsage(answers.map(({ usage }) => usage)))
        return { json }
      })
    },
  }),
]

async function* chunkEvents(
  { parts, context, note }: Generation,
  { choices, includeUsage }: ChatAsked,
): AsyncGenerator<ServerSentEvent> {
  const usages: Parameters<typeof sumOfUsage>[0][number][] = []
  const chunks = chatCompletionChunks(withUsage(parts, usages), context, { choices, includeUsage })
  yield* notedEvents(chunks, note)
  note.endOfEvents(sumOfUsage(usages))
}

/** The same parts; the tokens that they tell are added to the list. */
export async function* withUsage(
  parts: AsyncIterable<IndexedPart>,
  usages: Parameters<typeof sumOfUsage>[0][number][],
): AsyncGenerator<IndexedPart> {
  for await (const each of parts) {
    if (each.item.type === 'end') usages.push(each.item.usage)
    yield each
  }
}

/** Events of JSON, noted, and the word that ends them. */
export async function* notedEvents(
  events: AsyncIterable<object>,
  note: InvocationNote,
): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) {
    note.event(event)
    yield jsonEvent(event)
  }
  yield { data: '[DONE]' }
}
