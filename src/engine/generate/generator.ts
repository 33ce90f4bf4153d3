import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChatPart, FinishReason, LabelScore } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import { createRandom, type Random } from '../../lib/random.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'
import { isLongSequence } from '../arch/position-inputs.ts'
import { AnswerText } from './answer-text.ts'
import type { InferenceModel } from './inference-model.ts'
import { KeyValueCache, type SharedPrefix } from './key-value-cache.ts'
import { PrefixStore } from './prefix-store.ts'
import { logProbabilityOf, sampleToken, type SamplingSettings } from './sample-token.ts'

export interface GenerationRequest extends SamplingSettings {
  readonly prompt: readonly number[]
  readonly maxTokens: number
  readonly stop: readonly string[]
  readonly seed: number
  readonly logProbabilities: boolean
  readonly signal?: AbortSignal
  readonly onPart: (part: ChatPart) => void
}

/** A candidate answer as a whole token sequence; `trained` marks the tokens whose probability counts. */
export interface ScoredSequence {
  readonly tokens: readonly number[]
  readonly trained: readonly boolean[]
}

// Rows of one run: bounds the memory of a prefill, whatever is asked for. A long prompt alone is read in pieces, because
// attention takes memory for each row and each token before it.
const rowsPerRun = 4096
const rowsPerPiece = 1024
// When scoring, every row has its logits.
const nodesPerRun = 512

/** Generates answers for batches of prompts of different lengths. */
export class Generator {
  readonly #model: InferenceModel
  readonly #tokenizer: Tokenizer
  readonly #endOfTurn: ReadonlySet<number>
  readonly #prefixes: PrefixStore

  constructor(model: InferenceModel, tokenizer: Tokenizer, endOfTurn: ReadonlySet<number>) {
    this.#model = model
    this.#tokenizer = tokenizer
    this.#endOfTurn = endOfTurn
    this.#prefixes = new PrefixStore(model)
  }

  /**
   * Answers all requests as one batch. An aborted request leaves the batch at its next token, without a `finish`.
   *
   * @throws HoneError `E_DATA_TOO_LONG` when a prompt leaves no room in the model's context
   */
  async generate(requests: readonly GenerationRequest[]): Promise<void> {
    const { contextLength } = this.#model.config
    for (const { prompt } of requests) {
      if (prompt.length < contextLength) continue
      throw new HoneError(
        'E_DATA_TOO_LONG',
        `the prompt has ${prompt.length} tokens and leaves no room for an answer: the context holds ${contextLength}`,
        { hint: 'shorten the conversation' },
      )
    }
    const answers = requests.map((request) => new Answer(request, this.#tokenizer))
    const short = answers.filter(({ sequence }) => !this.#isLong(sequence))
    const long = answers.filter(({ sequence }) => this.#isLong(sequence))
    await this.#generateAll(short)
    await this.#generateAll(long)
  }

  /**
   * Log-probability of each candidate's trained tokens, summed. All candidates answer the same prompt.
   *
   * @throws HoneError `E_DATA_TOO_LONG` when a candidate is longer than the model's context
   */
  async score(candidates: readonly ScoredSequence[]): Promise<number[]> {
    const cut = candidates.map(({ tokens, trained }) => tokens.slice(0, trained.lastIndexOf(true) + 1))
    const longest = Math.max(...cut.map((tokens) => tokens.length))
    const { contextLength } = this.#model.config
    if (longest > contextLength) {
      throw new HoneError(
        'E_DATA_TOO_LONG',
        `the prompt with its longest answer has ${longest} tokens; the context holds ${contextLength}`,
        { hint: 'shorten the conversation' },
      )
    }
    const firstTrained = Math.min(...candidates.map(({ trained }) => trained.indexOf(true)))
    const shared = Math.min(commonPrefixLength(cut), firstTrained) - 1
    if (shared < 0) throw new HoneError('E_DATA', 'nothing comes before the text whose probability is wanted')
    const items = cut.map((tokens, index) => ({
      index,
      tokens: tokens.slice(shared),
      trained: candidates[index]?.trained ?? [],
      isLong: this.#isLong(tokens),
    }))
    const totals = candidates.map(() => 0)
    for (const alike of [items.filter((item) => !item.isLong), items.filter((item) => item.isLong)]) {
      const [first] = alike
      if (first === undefined) continue
      const start = cut[first.index] ?? []
      const nothing = this.#model.emptyPrefixFor(start.length)
      const prefix = shared === 0 ? nothing : await this.#prefixes.prefixOf(start.slice(0, shared), nothing)
      for (const group of groupAsTrees(alike)) {
        const scores = await this.#model.score(
          group.map(({ tokens }) => tokens),
          prefix,
        )
        for (const [place, { index, trained }] of group.entries()) {
          const own = scores[place] ?? []
          totals[index] = own.reduce(
            (sum, value, at) => sum + (trained[shared + 1 + at] === true ? value : 0),
            0,
          )
        }
        await nextTurn()
      }
    }
    return totals
  }

  #isLong(sequence: readonly number[]): boolean {
    return isLongSequence(this.#model.config, sequence.length)
  }

  /** Answers that are all long sequences for the model, or none. */
  async #generateAll(answers: readonly Answer[]): Promise<void> {
    if (answers.length === 0) return
    const prefix = await this.#prefixes.prefixFor(answers.map(({ sequence }) => [...sequence]))
    const outgrown: Answer[] = []
    for (const group of groupByRows(answers, ({ sequence }) => sequence.length - prefix.length)) {
      outgrown.push(...(await this.#generateGroup(group, prefix)))
    }
    await this.#generateAll(outgrown)
  }

  /** Returns the answers that have become long sequences on the way: what they hold must be read again, rotated otherwise. */
  async #generateGroup(answers: readonly Answer[], prefix: SharedPrefix): Promise<Answer[]> {
    const outgrown: Answer[] = []
    let active = answers
    const cache = new KeyValueCache(this.#model.config, active.length)
    let next: (readonly number[])[] = active.map(({ sequence }) => sequence.slice(prefix.length))
    while (active.length > 0) {
      const logits = await this.#advance(next, prefix, cache)
      const size = this.#model.config.vocabularySize
      for (const [index, answer] of active.entries()) {
        const used = prefix.length + (cache.lengths[index] ?? 0)
        const room = this.#model.config.contextLength - used
        answer.take(logits.subarray(index * size, (index + 1) * size), this.#endOfTurn, room)
      }
      const unfinished = active.filter(({ done }) => !done)
      outgrown.push(...unfinished.filter(({ sequence }) => this.#isLong(sequence) !== prefix.isLong))
      const going = [...active.keys()].filter((index) => {
        const answer = active[index] as Answer
        return !answer.done && !outgrown.includes(answer)
      })
      if (going.length < active.length) cache.select(going)
      active = going.map((index) => active[index] as Answer)
      next = active.map((answer) => [answer.lastToken])
      // Lets messages in, such as a cancellation.
      await nextTurn()
    }
    return outgrown
  }

  /** Long prompts are read in pieces, so that a run's memory stays bounded. */
  async #advance(
    next: readonly (readonly number[])[],
    prefix: SharedPrefix,
    cache: KeyValueCache,
  ): Promise<Float32Array> {
    const [only = []] = next
    if (next.length > 1 || only.length <= rowsPerPiece) return this.#model.advance(next, prefix, cache)
    let at = 0
    for (; at + rowsPerPiece < only.length; at += rowsPerPiece) {
      await this.#model.advance([only.slice(at, at + rowsPerPiece)], prefix, cache)
      await nextTurn()
    }
    return this.#model.advance([only.slice(at)], prefix, cache)
  }
}

/** Turns log-probabilities of a closed set into scores, likeliest first. */
export function toLabelScores(labels: readonly string[], logProbabilities: readonly number[]): LabelScore[] {
  const largest = Math.max(...logProbabilities)
  const total = logProbabilities.reduce((sum, value) => sum + Math.exp(value - largest), 0)
  return labels
    .map((label, index) => {
      const logProbability = logProbabilities[index] ?? Number.NEGATIVE_INFINITY
      return { label, logProbability, probability: Math.exp(logProbability - largest) / total }
    })
    .toSorted((left, right) => right.logProbability - left.logProbability)
}

/** One answer that is being written. */
class Answer {
  readonly request: GenerationRequest
  /** The prompt and what has been answered so far. */
  readonly sequence: number[]
  readonly #random: Random
  readonly #decoder: ReturnType<Tokenizer['streamDecoder']>
  readonly #text: AnswerText
  #tokens = 0
  #unsent: number[] = []
  lastToken = 0
  done = false

  constructor(request: GenerationRequest, tokenizer: Tokenizer) {
    this.request = request
    this.sequence = [...request.prompt]
    this.#random = createRandom(request.seed)
    this.#decoder = tokenizer.streamDecoder()
    this.#text = new AnswerText(request.stop)
  }

  /** Chooses the next token. `room` is how many more tokens the context holds. */
  take(logits: Float32Array, endOfTurn: ReadonlySet<number>, room: number): void {
    if (this.request.signal?.aborted === true) {
      this.done = true
      return
    }
    const token = sampleToken(logits, this.request, this.#random)
    if (endOfTurn.has(token)) {
      this.#send(this.#text.push(this.#decoder.end()) + this.#text.end())
      this.#finish('stop')
      return
    }
    this.lastToken = token
    this.sequence.push(token)
    this.#tokens += 1
    if (this.request.logProbabilities) this.#unsent.push(logProbabilityOf(token, logits))
    this.#send(this.#text.push(this.#decoder.push(token)))
    if (this.#text.stopped) this.#finish('stop')
    else if (this.#tokens >= this.request.maxTokens || room <= 1) {
      this.#send(this.#text.push(this.#decoder.end()) + this.#text.end())
      this.#finish(this.#text.stopped ? 'stop' : 'length')
    }
  }

  #send(text: string): void {
    if (text === '') return
    const { logProbabilities, onPart } = this.request
    onPart({ type: 'text-delta', text, ...(logProbabilities ? { logProbabilities: this.#unsent } : {}) })
    this.#unsent = []
  }

  #finish(reason: FinishReason): void {
    this.done = true
    const usage = { promptTokens: this.request.prompt.length, completionTokens: this.#tokens }
    this.request.onPart({ type: 'finish', reason, usage })
  }
}

/**
 * Cuts sequences into runs of a bounded number of tree nodes, those with a common beginning beside each other; a single
 * sequence may exceed the bound.
 */
function groupAsTrees<T extends { readonly tokens: readonly number[] }>(items: readonly T[]): T[][] {
  const inOrder = items.toSorted((left, right) => compareTokens(left.tokens, right.tokens))
  const groups: T[][] = []
  let nodes = Infinity
  for (const [index, item] of inOrder.entries()) {
    const before = inOrder[index - 1]
    const own = item.tokens.length
    nodes += before === undefined ? own : own - commonPrefixLength([before.tokens, item.tokens])
    if (nodes > nodesPerRun) {
      groups.push([])
      nodes = own
    }
    groups.at(-1)?.push(item)
  }
  return groups
}

function compareTokens(left: readonly number[], right: readonly number[]): number {
  const at = commonPrefixLength([left, right])
  return (left[at] ?? -1) - (right[at] ?? -1)
}

/** Cuts items into runs whose padded rectangle of rows stays bounded; a single item may exceed the bound. */
function groupByRows<T>(items: readonly T[], rowsOf: (item: T) => number): T[][] {
  const groups: T[][] = []
  let group: T[] = []
  let longest = 0
  for (const item of items) {
    const length = Math.max(longest, rowsOf(item))
    if (group.length > 0 && length * (group.length + 1) > rowsPerRun) {
      groups.push(group)
      group = []
      longest = 0
    }
    group.push(item)
    longest = Math.max(longest, rowsOf(item))
  }
  return group.length > 0 ? [...groups, group] : groups
}
