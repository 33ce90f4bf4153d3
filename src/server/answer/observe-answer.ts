import type { DialectPart } from '../../wire/dialect-request.ts'
import type { RequestFacts } from '../aws/request-facts.ts'

/** What is observed of an answer. */
interface ObservedAnswer {
  readonly requested: string
  readonly model: string
  readonly now: () => number
}

/** The same parts; what they tell of tokens and times is noted. */
export async function* observeAnswer(
  parts: AsyncIterable<DialectPart>,
  facts: RequestFacts,
  observed: ObservedAnswer,
): AsyncGenerator<DialectPart> {
  const wrapped = observeAnswers(wrap(parts), facts, observed)
  for await (const { item } of wrapped) yield item
}

async function* wrap<Item>(items: AsyncIterable<Item>): AsyncGenerator<{ readonly item: Item }> {
  for await (const item of items) yield { item }
}

/** The same for several answers to one conversation, which was read once. */
export async function* observeAnswers<Each extends { readonly item: DialectPart }>(
  parts: AsyncIterable<Each>,
  facts: RequestFacts,
  { requested, model, now }: ObservedAnswer,
): AsyncGenerator<Each> {
  const noted: NonNullable<RequestFacts['inference']> = { requested, model, startedAt: now() }
  facts.inference = noted
  try {
    for await (const each of parts) {
      const part = each.item
      if (part.type === 'end') {
        noted.inputTokens = part.usage.inputTokens
        noted.outputTokens = (noted.outputTokens ?? 0) + part.usage.outputTokens
        noted.stop = part.stop
      } else noted.firstTokenAt ??= now()
      yield each
    }
  } finally {
    noted.endedAt = now()
  }
}
