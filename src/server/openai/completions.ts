import {
  completionBody,
  completionChunks,
  writeCompletion,
  type CompletionAsked,
} from '../../wire/openai/completion.ts'
import type { ServerSentEvent } from '../../wire/server-sent-events.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import { largestQuestion, notedEvents, withUsage } from './chat-completions.ts'
import { generate, sumOfUsage, wholeAnswers, type Generation } from './generate.ts'

export const completionRoutes = (context: ApiContext): readonly ApiRoute[] => [
  route({
    name: 'Completions.create',
    method: 'POST',
    path: '/v1/completions',
    action: 'invoke',
    body: completionBody,
    largestBody: largestQuestion,
    resource: ({ body }) => body.model,
    answer(call) {
      const { body: asked } = call
      return generate(context, call, { operation: 'Completions.create', asked }, async (generation) => {
        if (asked.stream) return { events: chunkEvents(generation, asked) }
        const answers = await wholeAnswers(generation.parts, asked.requests.length)
        const json = writeCompletion(answers, generation.context, asked)
        generation.note.end(json, sumOfUsage(answers.map(({ usage }) => usage)))
        return { json }
      })
    },
  }),
]

async function* chunkEvents(
  { parts, context, note }: Generation,
  asked: CompletionAsked,
): AsyncGenerator<ServerSentEvent> {
  const usages: Parameters<typeof sumOfUsage>[0][number][] = []
  yield* notedEvents(completionChunks(withUsage(parts, usages), context, asked), note)
  note.endOfEvents(sumOfUsage(usages))
}
