import { commonPrefixLength } from '../../lib/common-prefix.ts'
import { isLongSequence } from '../arch/position-inputs.ts'
import type { Answer } from './answer.ts'
import type { InferenceModel } from './inference-model.ts'
import { cutPrefix, KeyValueCache, type CachedSequence, type SharedPrefix } from './key-value-cache.ts'

/** An answer whose sequence has been read, but for its last token. */
export interface ReadAnswer extends CachedSequence {
  readonly answer: Answer
}

// Keys and values that several sequences could share are read once for each of them where they do not. A run reads all
// weights, which are as many numbers as the keys and values of ten thousand tokens or more: a lane of its own costs more
// than this many unshared tokens.
const worthSharing = 2048
// Bounds the memory of a lane's rectangle of sequences and their longest past, in tokens.
const rectangle = 8192
// Each adapter of a lane is copied when another joins, and its ranks are computed for the rows of all.
const adaptersTogether = 8
// A place that no answer uses costs a row of each run; freeing it copies the others. While others may come it is kept, up to
// this share of all.
const idleShare = 1 / 4

/** Tokens that an answer may go on with, and what learns whether it does. */
interface Guess {
  readonly tokens: readonly number[]
  readonly draft: { judge(guessed: number, right: number): void }
}

/** Answers that are decoded together: they begin with one prefix, and each run gives every one of them a token. */
export class DecodeLane {
  readonly #model: InferenceModel
  readonly #endOfTurn: ReadonlySet<number>
  #prefix: SharedPrefix
  #prefixTokens: readonly number[]
  #cache: KeyValueCache
  /** By their place in the cache. */
  #answers: (Answer | undefined)[] = []
  #arrivals: ReadAnswer[] = []
  #nextPrefix: SharedPrefix

  constructor(model: InferenceModel, endOfTurn: ReadonlySet<number>, { answer, prefix }: ReadAnswer) {
    this.#model = model
    this.#endOfTurn = endOfTurn
    this.#prefix = prefix
    this.#nextPrefix = prefix
    this.#prefixTokens = answer.sequence.slice(0, prefix.length)
    this.#cache = new KeyValueCache(model.config, 0)
  }

  get isEmpty(): boolean {
    return this.#live().length === 0
  }

  /** An answer that goes ahead of others is among them. */
  get isAhead(): boolean {
    return this.#live().some(({ request }) => request.ahead === true)
  }

  /** Tokens that would not be shared any more if this answer joined; undefined where it cannot. */
  costOf(arrival: ReadAnswer): number | undefined {
    if (arrival.prefix.isLong !== this.#prefix.isLong) return undefined
    const live = this.#live()
    const adapters = new Set([...live, arrival.answer].map(({ request }) => request.adapter))
    if (adapters.size > adaptersTogether) return undefined
    const shared = this.#sharedWith(arrival)
    const cost =
      live.length * Math.max(0, this.#nextPrefix.length - shared) +
      Math.max(0, arrival.prefix.length - shared)
    const longest = Math.max(arrival.answer.sequence.length, ...live.map(({ sequence }) => sequence.length))
    const size = (live.length + 1) * (longest - shared)
    return cost > worthSharing || size > rectangle ? undefined : cost
  }

  /** Takes an answer in, from the next run on. */
  add(arrival: ReadAnswer): void {
    const shared = this.#sharedWith(arrival)
    if (shared !== this.#nextPrefix.length) {
      const longer = shared > this.#nextPrefix.length ? arrival.prefix : this.#nextPrefix
      this.#nextPrefix = cutPrefix(this.#model.config, longer, shared)
      this.#prefixTokens = arrival.answer.sequence.slice(0, shared)
    }
    this.#arrivals.push(arrival)
  }

  /**
   * Gives each answer its next token. Returns those that must leave because they have become long sequences: what they hold
   * must be read again, rotated otherwise.
   */
  async step(): Promise<Answer[]> {
    this.#settle()
    const answers = this.#answers
    if (answers.length === 0) return []
    const only = answers.length === 1 ? answers[0] : undefined
    // More rows for one answer are nearly free; for each of many answers they are not.
    const guess = only === undefined ? undefined : await this.#guessFor(only)
    if (only !== undefined && guess !== undefined) await this.#check(only, guess)
    else await this.#decode()
    const isLong = ({ sequence }: Answer): boolean => isLongSequence(this.#model.config, sequence.length)
    const outgrown = answers.filter(
      (answer) => answer !== undefined && !answer.done && isLong(answer) !== this.#prefix.isLong,
    ) as Answer[]
    this.#answers = answers.map((answer) =>
      answer !== undefined && outgrown.includes(answer) ? undefined : answer,
    )
    return outgrown
  }

  async #decode(): Promise<void> {
    const answers = this.#answers
    const next = answers.map((answer) => [answer?.lastToken ?? 0])
    const logits = await this.#model.advance(next, this.#prefix, this.#cache)
    const { vocabularySize, contextLength } = this.#model.config
    for (const [index, answer] of answers.entries()) {
      if (answer === undefined) this.#cache.clear(index)
      else {
        const own = logits.subarray(index * vocabularySize, (index + 1) * vocabularySize)
        answer.take(own, this.#endOfTurn, contextLength)
      }
    }
  }

  /** A guess at how an answer goes on. Only the likeliest token can be guessed, not one that is drawn. */
  async #guessFor(answer: Answer): Promise<Guess | undefined> {
    const { request, sequence, tokensLeft, draft, roundedDraft } = answer
    if (request.temperature !== 0) return undefined
    const { config } = this.#model
    // A check gives one token more than was guessed.
    const most = Math.min(tokensLeft, config.contextLength - sequence.length) - 1
    if (most < 1) return undefined
    const fits = ({ length }: readonly number[]): boolean =>
      length > 0 && isLongSequence(config, sequence.length + length + 1) === this.#prefix.isLong
    const proposed = draft.propose(sequence, most)
    const repeated = proposed.slice(0, request.constraint?.follows(proposed))
    if (fits(repeated)) return { tokens: repeated, draft }
    // What may follow is seldom what a model that knows no constraint foretells.
    if (request.constraint !== undefined) return undefined
    const count = Math.min(most, roundedDraft.length)
    const foretold = await this.#model.foretell(
      answer.lastToken,
      count,
      this.#prefix,
      this.#cache,
      this.#endOfTurn,
    )
    return fits(foretold) ? { tokens: foretold, draft: roundedDraft } : undefined
  }

  /** Reads a guess in one run, and takes the tokens that it foretold rightly, and one more. */
  async #check(answer: Answer, { tokens, draft }: Guess): Promise<void> {
    const { vocabularySize, contextLength } = this.#model.config
    const logits = await this.#model.advanceEach([answer.lastToken, ...tokens], this.#prefix, this.#cache)
    let right = 0
    for (let row = 0; row <= tokens.length && !answer.done; row++) {
      const own = logits.subarray(row * vocabularySize, (row + 1) * vocabularySize)
      answer.take(own, this.#endOfTurn, contextLength)
      if (answer.lastToken !== tokens[row]) break
      right += 1
    }
    draft.judge(tokens.length, right)
    this.#cache.cut(0, answer.sequence.length - 1 - this.#prefix.length)
  }

  /** Takes every answer out, because the lane cannot go on. */
  clear(): Answer[] {
    const live = this.#live()
    this.#answers = []
    this.#arrivals = []
    return live
  }

  #live(): Answer[] {
    return [...this.#answers, ...this.#arrivals.map(({ answer }) => answer)].filter(
      (answer) => answer !== undefined && !answer.done,
    ) as Answer[]
  }

  /** How long the prefix of all would be if this answer joined. */
  #sharedWith({ answer, prefix }: ReadAnswer): number {
    const own = this.#prefixTokens
    // Keys and values are those of an adapter: with another one, the same tokens have others.
    const { adapter } = answer.request
    const isMixed = this.#live().some(({ request }) => request.adapter !== adapter)
    if (isMixed || (own.length > 0 && this.#nextPrefix.adapter !== adapter)) return 0
    const common = commonPrefixLength([own, answer.sequence])
    if (common < own.length) return common
    const longer = answer.sequence.slice(0, prefix.length)
    const all = this.#live().every(
      ({ sequence }) =>
        sequence.length > longer.length && commonPrefixLength([longer, sequence]) === longer.length,
    )
    return all ? Math.max(own.length, longer.length) : own.length
  }

  /** Gives places to those that have come, and takes those of answers that have ended. */
  #settle(): void {
    const arrivals = this.#arrivals.filter(({ answer }) => !answer.done)
    this.#arrivals = []
    const staying: ReadAnswer[] = []
    for (const [index, answer] of this.#answers.entries()) {
      if (answer === undefined || answer.done) {
        this.#answers[index] = undefined
        this.#cache.clear(index)
      } else staying.push({ answer, prefix: this.#prefix, cache: this.#cache, index })
    }
    const places = this.#answers.length
    const used = staying.length + arrivals.length
    const fits = used <= places && places - used < Math.max(1, places * idleShare)
    if (this.#nextPrefix === this.#prefix && fits) {
      for (const arrival of arrivals) {
        const place = this.#answers.indexOf(undefined)
        this.#cache.place(place, arrival, this.#prefix.length)
        this.#answers[place] = arrival.answer
      }
      return
    }
    const all = [...staying, ...arrivals]
    this.#cache = KeyValueCache.of(this.#model.config, all, this.#nextPrefix.length)
    this.#answers = all.map(({ answer }) => answer)
    this.#prefix = this.#nextPrefix
  }
}
