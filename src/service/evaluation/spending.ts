import type { ChatModel, ChatRequest } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { HostedModel } from '../../core/hosted-model.ts'
import { costText, countText, plural } from '../../evaluate/number-text.ts'
import type { OpenModel } from './ask-candidate.ts'

/** Calls of a service, and what they cost at most, by a rule of thumb for the tokens of the prompts. */
export interface Quote {
  readonly calls: number
  /** US dollars; null where no price is known. */
  readonly usd: number | null
}

interface Call {
  readonly characters: number
  readonly maxTokens: number
}

// English has about four; code, digits and other languages have fewer.
const charactersPerToken = 3
const tokensPerMessage = 8

/** @param calls what is not answered yet */
export function quoteCalls({ price }: HostedModel, calls: readonly Call[]): Quote {
  const usd =
    price === undefined
      ? null
      : calls.reduce(
          (sum, { characters, maxTokens }) => sum + usdOf(price, promptTokensOf(characters), maxTokens),
          0,
        )
  return { calls: calls.length, usd }
}

const promptTokensOf = (characters: number): number =>
  Math.ceil(characters / charactersPerToken) + tokensPerMessage

const usdOf = (price: NonNullable<HostedModel['price']>, prompt: number, completion: number): number =>
  (prompt * price.input + completion * price.output) / 1e6

/** Characters that a request sends. */
export const charactersOf = ({ messages, tools }: Pick<ChatRequest, 'messages' | 'tools'>): number =>
  messages.reduce((sum, { content }) => sum + content.length, 0) +
  (tools === undefined ? 0 : JSON.stringify(tools).length)

export const addQuotes = (quotes: readonly Quote[]): Quote => ({
  calls: quotes.reduce((sum, { calls }) => sum + calls, 0),
  usd: quotes.some(({ usd }) => usd === null) ? null : quotes.reduce((sum, { usd }) => sum + usd!, 0),
})

/** `at most 120 calls of big-model at host, about $0.42`. */
export function quoteText({ name, url }: HostedModel, { calls, usd }: Quote): string {
  const cost = usd === null ? 'no price is known' : `at most about ${costText(usd)}`
  return `${name} at ${new URL(url).host}: at most ${plural(calls, 'call')}, ${cost}; the rows are sent there`
}

/** What services cost in one run, and where it ends. */
export class Spending {
  readonly #limit: number | undefined
  #reserved = 0
  #usd = 0
  #calls = 0
  #unpriced = 0

  /** @param limit US dollars that may be spent */
  constructor(limit?: number) {
    this.#limit = limit
  }

  get usd(): number {
    return this.#usd
  }

  get calls(): number {
    return this.#calls
  }

  /** Calls whose price is not known. */
  get unpriced(): number {
    return this.#unpriced
  }

  /**
   * Refuses before anything is asked what would cost more than is allowed.
   *
   * @throws HoneError `E_BUDGET`, also where a limit is given and no price is known
   */
  admit(quotes: readonly { readonly model: HostedModel; readonly quote: Quote }[]): void {
    const limit = this.#limit
    if (limit === undefined) return
    const unknown = quotes.find(({ quote }) => quote.calls > 0 && quote.usd === null)
    if (unknown !== undefined) {
      throw new HoneError(
        'E_BUDGET',
        `no price of ${unknown.model.name} is known, so that --max-usd cannot be kept`,
        {
          hint: 'write what its tokens cost: evaluation.prices: { CANDIDATE: { input: …, output: … } }, or judge.price',
        },
      )
    }
    const { calls, usd } = addQuotes(quotes.map(({ quote }) => quote))
    if (usd !== null && usd > limit) {
      throw new HoneError(
        'E_BUDGET',
        `${countText(calls)} calls may cost ${costText(usd)}, and ${costText(limit)} are allowed`,
        { hint: `allow more with --max-usd, or ask less: --limit, --candidates` },
      )
    }
  }

  /** Models of services that count what they cost, and stop before they cost more than is allowed. */
  guard(open: OpenModel): OpenModel {
    return async (model, wait) => {
      const opened = await open(model, wait)
      return typeof model === 'string' ? opened : this.#counted(opened, model)
    }
  }

  #counted(model: ChatModel, { price }: HostedModel): ChatModel {
    const isOver = (): boolean => this.#isOver
    const spend = (request: ChatRequest): number => this.#reserve(request, price)
    const settle = (reserved: number, usd: number): void => {
      this.#reserved -= reserved
      this.#usd += usd
    }
    return {
      id: model.id,
      concurrency: model.concurrency,
      ...(model.streams === undefined ? {} : { streams: model.streams }),
      get isAlive() {
        return !isOver() && model.isAlive !== false
      },
      async *chat(request, wait) {
        const reserved = spend(request)
        let usd = 0
        try {
          for await (const part of model.chat(request, wait)) {
            if (part.type === 'finish' && price !== undefined)
              usd = usdOf(price, part.usage.promptTokens, part.usage.completionTokens)
            yield part
          }
        } finally {
          settle(reserved, usd)
        }
      },
      scoreLabels: (messages, labels, wait) => model.scoreLabels(messages, labels, wait),
      [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
    }
  }

  #isOver = false

  #reserve(request: ChatRequest, price: HostedModel['price']): number {
    const most =
      price === undefined ? 0 : usdOf(price, promptTokensOf(charactersOf(request)), request.maxTokens ?? 256)
    if (this.#limit !== undefined && this.#usd + this.#reserved + most > this.#limit) {
      this.#isOver = true
      throw new HoneError(
        'E_BUDGET',
        `the next call may go beyond ${costText(this.#limit)}; ${costText(this.#usd)} are spent`,
        {
          hint: 'what was answered is kept; go on with a larger --max-usd',
        },
      )
    }
    this.#calls++
    if (price === undefined) this.#unpriced++
    this.#reserved += most
    return most
  }
}
