import type { DialectPart } from '../../wire/dialect-request.ts'
import type { RequestFacts } from '../aws/request-facts.ts'

/** The same parts; what they tell of tokens and times is noted. */
export async function* observeAnswer(
  parts: AsyncIterable<DialectPart>,
  facts: RequestFacts,
  {
    requested,
    model,
    now,
  }: { readonly requested: string; readonly model: string; readonly now: () => number },
): AsyncGenerator<DialectPart> {
  const noted: NonNullable<RequestFacts['inference']> = { requested, model, startedAt: now() }
  facts.inference = noted
  try {
    for await (const part of parts) {
      if (part.type === 'end') {
        noted.inputTokens = part.usage.inputTokens
        noted.outputTokens = part.usage.outputTokens
        noted.stop = part.stop
      } else noted.firstTokenAt ??= now()
      yield part
    }
  } finally {
    noted.endedAt = now()
  }
}
