import type { AnswerToken, TokenLogProbability } from '../../core/chat-model.ts'
import type { ApiRoute } from '../json-api/api-route.ts'
import { chatOperations } from './contract/chat.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute } from './native-route.ts'

export const chatRoutes = ({ parts, services, now }: NativeContext): ApiRoute[] => [
  nativeRoute(chatOperations.chat, async function* ({ body, signal, facts, identity }) {
    const { model, messages, ...rest } = body
    // Before the stream begins, so that a name that is unknown has a status of its own.
    const shown = await services.models.show(model)
    const localBase = shown.model.kind === 'tuned' ? shown.model.base : shown.model.id
    const startedAt = now()
    const inference: NonNullable<typeof facts.inference> = {
      requested: model,
      model: shown.model.id,
      startedAt,
    }
    facts.inference = inference
    let firstToken: number | null = null
    const target = { homeId: shown.model.id, localBase }
    for await (const part of parts.inference.chat(target, { ...rest, messages }, signal, identity.keyId)) {
      if (part.type === 'finish') {
        const endedAt = now()
        inference.endedAt = endedAt
        inference.inputTokens = part.usage.promptTokens
        inference.outputTokens = part.usage.completionTokens
        const { type: _, ...finish } = part
        const milliseconds = { firstToken, total: endedAt - startedAt }
        yield { event: 'finish', data: { ...finish, milliseconds } }
        continue
      }
      if (firstToken === null) {
        inference.firstTokenAt = now()
        firstToken = inference.firstTokenAt - startedAt
      }
      if (part.type === 'tool-call') yield { event: 'tool-call', data: part.call }
      else {
        const { text, logProbabilities, tokens } = part
        yield {
          event: 'text',
          data: {
            text,
            ...(logProbabilities === undefined ? {} : { logProbabilities }),
            ...(tokens === undefined ? {} : { tokens: tokens.map(shownToken) }),
          },
        }
      }
    }
  }),
]

const shownToken = ({ likeliest, ...token }: AnswerToken) => ({
  ...textOf(token),
  likeliest: likeliest.map(textOf),
})

const textOf = ({ bytes, logProbability }: TokenLogProbability) => ({
  text: Buffer.from(bytes).toString('utf8'),
  logProbability,
})
