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
  using notes = new AnswerNotes(facts, observed)
  for await (const part of parts) {
    notes.add(part)
    yield part
  }
}

/** The same for several answers to one conversation, which was read once. */
export async function* observeAnswers<Each extends { readonly item: DialectPart }>(
  parts: AsyncIterable<Each>,
  facts: RequestFacts,
  observed: ObservedAnswer,
): AsyncGenerator<Each> {
  using notes = new AnswerNotes(facts, observed)
  for await (const each of parts) {
    notes.add(each.item)
    yield each
  }
}

class AnswerNotes implements Disposable {
  readonly #noted: NonNullable<RequestFacts['inference']>
  readonly #now: () => number

  constructor(facts: RequestFacts, { requested, model, now }: ObservedAnswer) {
    this.#noted = { requested, model, startedAt: now() }
    this.#now = now
    facts.inference = this.#noted
  }

  add(part: DialectPart): void {
    const noted = this.#noted
    if (part.type === 'end') {
      noted.inputTokens = part.usage.inputTokens
      noted.outputTokens = (noted.outputTokens ?? 0) + part.usage.outputTokens
      noted.stop = part.stop
    } else noted.firstTokenAt ??= this.#now()
  }

  [Symbol.dispose](): void {
    this.#noted.endedAt = this.#now()
  }
}
