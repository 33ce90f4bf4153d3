import { setImmediate as nextTurn } from 'node:timers/promises'
import { HoneError } from '../../core/errors.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'
import type { ResidentAdapter } from '../adapter/resident-adapter.ts'
import { isLongSequence } from '../arch/position-inputs.ts'
import { Answer, type GenerationRequest } from './answer.ts'
import { DecodeLane, type ReadAnswer } from './decode-lane.ts'
import type { InferenceModel } from './inference-model.ts'
import { PrefixStore } from './prefix-store.ts'
import { PromptReader, type RowLimits } from './prompt-reader.ts'
import { scoreSequences, type ScoredSequence } from './score-sequences.ts'

/** Answers that are worth computing at once: more rows make better use of each weight that is read. */
export const answersAtOnce = 32

const undisturbed: RowLimits = { together: 4096, alone: 1024 }
/** Where anybody may come or hang up at any time: a run of the default base on two cores takes less than a second. */
export const readyForOthers: RowLimits = { together: 512, alone: 512 }
// While answers are being written, each waits for a run of this size before its next token, and no longer.
const besideAnswers: RowLimits = { together: 128, alone: 128 }
// Prompts are read faster together: where more wait than there is room for, as many as this share of all are let in at once.
const admittedShare = 1 / 8
// Those that go ahead have places of their own, this share of the others.
const aheadShare = 1 / 4

/**
 * Generates answers for prompts of different lengths. All calls share one decode loop: an answer joins it when its prompt
 * has been read and leaves it when it ends, whatever the others do.
 */
export class Generator {
  readonly #model: InferenceModel
  readonly #tokenizer: Tokenizer
  readonly #endOfTurn: ReadonlySet<number>
  readonly #atOnce: number
  readonly #prefixes: PrefixStore
  readonly #reader: PromptReader
  readonly #undisturbed: RowLimits
  #waiting: Answer[] = []
  /** Those whose prompts are being read, or that are in a lane. */
  readonly #active = new Set<Answer>()
  #lanes: DecodeLane[] = []
  #reading = false
  #readingAhead = false
  #decoding = false

  /**
   * @param atOnce the most answers that are decoded together; others wait until one ends
   * @param rows of a run that reads prompts while no answer is being written; nobody is let in or leaves before its end
   */
  constructor(
    model: InferenceModel,
    tokenizer: Tokenizer,
    endOfTurn: ReadonlySet<number>,
    atOnce: number = answersAtOnce,
    rows: RowLimits = undisturbed,
  ) {
    this.#model = model
    this.#tokenizer = tokenizer
    this.#endOfTurn = endOfTurn
    this.#atOnce = atOnce
    this.#undisturbed = rows
    const pause = (): Promise<void> => this.#pause()
    this.#prefixes = new PrefixStore(model, pause)
    this.#reader = new PromptReader(model, this.#prefixes, () => this.#limits(), pause)
  }

  /**
   * Answers all requests, together with those of other calls. An aborted request ends at once, without a `finish`. When one
   * fails, the others are answered all the same, and its error is thrown after that.
   *
   * @throws HoneError `E_DATA_TOO_LONG`, before any is answered, when a prompt leaves no room in the model's context
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
    this.#waiting.push(...answers)
    void this.#read()
    const failures = await Promise.all(answers.map((answer) => this.#endOf(answer)))
    const failure = failures.find((each) => each !== undefined)
    if (failure !== undefined) throw failure.error
  }

  /**
   * Log-probability of each candidate's trained tokens, summed. All candidates answer the same prompt.
   *
   * @throws HoneError `E_DATA_TOO_LONG` when a candidate is longer than the model's context
   */
  score(candidates: readonly ScoredSequence[], adapter?: ResidentAdapter): Promise<number[]> {
    return scoreSequences(this.#model, this.#prefixes, candidates, {
      rows: () => this.#limits().alone,
      adapter,
    })
  }

  /** Frees what is held for an adapter. Its answers under way end as they would have. */
  forget(adapter: ResidentAdapter): void {
    this.#prefixes.forget(adapter)
    this.#model.forget(adapter)
  }

  async #endOf(answer: Answer): Promise<{ readonly error: unknown } | undefined> {
    const failure = await answer.ended
    this.#active.delete(answer)
    void this.#read()
    return failure
  }

  /** Reads the prompts of waiting answers while there is room for them beside the others. */
  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    // Requests that were sent together arrive one after the other.
    await nextTurn()
    for (let answers = this.#admit(); answers.length > 0; answers = this.#admit()) {
      await this.#readPrompts(answers)
    }
    this.#reading = false
  }

  async #readPrompts(answers: readonly Answer[]): Promise<void> {
    for (const isLong of [false, true]) {
      await this.#reader.read(
        answers.filter(({ sequence }) => this.#isLong(sequence) === isLong),
        (read, logits) => this.#join(read, logits),
        (failed, error) => {
          for (const answer of failed) answer.fail(error)
        },
      )
    }
  }

  /** After a run that read prompts: lets the decode loop go on, and those in that go ahead of what is still to be read. */
  async #pause(): Promise<void> {
    await nextTurn()
    if (this.#readingAhead) return
    this.#readingAhead = true
    for (let answers = this.#admitAhead(); answers.length > 0; answers = this.#admitAhead()) {
      await this.#readPrompts(answers)
    }
    this.#readingAhead = false
  }

  #admit(): Answer[] {
    const ahead = this.#admitAhead()
    if (ahead.length > 0) return ahead
    const room = this.#atOnce - this.#active.size
    if (room < Math.min(this.#waiting.length, this.#atOnce * admittedShare)) return []
    return this.#letIn(this.#waiting.slice(0, Math.max(0, room)))
  }

  #admitAhead(): Answer[] {
    this.#waiting = this.#waiting.filter(({ done }) => !done)
    const room = Math.ceil(this.#atOnce * (1 + aheadShare)) - this.#active.size
    const ahead = this.#waiting.filter(({ request }) => request.ahead === true)
    return this.#letIn(ahead.slice(0, Math.max(0, room)))
  }

  #letIn(admitted: Answer[]): Answer[] {
    for (const answer of admitted) this.#active.add(answer)
    this.#waiting = this.#waiting.filter((answer) => !admitted.includes(answer))
    return admitted
  }

  /** Takes an answer's first token, and the answer into the lane that it shares most with. */
  #join(read: ReadAnswer, logits: Float32Array): void {
    const { answer, prefix } = read
    answer.take(logits, this.#endOfTurn, this.#model.config.contextLength)
    if (answer.done) return
    if (this.#isLong(answer.sequence) !== prefix.isLong) {
      this.#readAgain([answer])
      return
    }
    let lane: DecodeLane | undefined
    let least = Infinity
    for (const other of this.#lanes) {
      const cost = other.costOf(read) ?? Infinity
      if (cost >= least) continue
      lane = other
      least = cost
    }
    if (lane === undefined) {
      lane = new DecodeLane(this.#model, this.#endOfTurn, read)
      this.#lanes.push(lane)
    }
    lane.add(read)
    void this.#decode()
  }

  async #decode(): Promise<void> {
    if (this.#decoding) return
    this.#decoding = true
    // Prompts that were read together join one after the other.
    await nextTurn()
    let turn = 0
    while (this.#lanes.length > 0) {
      for (const lane of this.#lanes) {
        await this.#step(lane)
        // However many lanes the requests of others fill, those with an answer that goes ahead get every other run.
        const ahead = this.#lanes.filter((other) => other.isAhead)
        const next = lane.isAhead ? undefined : ahead[turn++ % ahead.length]
        if (next !== undefined) await this.#step(next)
      }
      this.#lanes = this.#lanes.filter((lane) => !lane.isEmpty)
    }
    this.#decoding = false
  }

  async #step(lane: DecodeLane): Promise<void> {
    try {
      this.#readAgain(await lane.step())
    } catch (error) {
      for (const answer of lane.clear()) answer.fail(error)
    }
    // Lets messages in, such as a cancellation, and prompts be read.
    await nextTurn()
  }

  /** What has become a long sequence for the model is rotated otherwise, from its first token on. */
  #readAgain(outgrown: readonly Answer[]): void {
    if (outgrown.length === 0) return
    for (const answer of outgrown) this.#active.delete(answer)
    this.#waiting.unshift(...outgrown)
    void this.#read()
  }

  #limits(): RowLimits {
    return this.#lanes.length > 0 ? besideAnswers : this.#undisturbed
  }

  #isLong(sequence: readonly number[]): boolean {
    return isLongSequence(this.#model.config, sequence.length)
  }
}
