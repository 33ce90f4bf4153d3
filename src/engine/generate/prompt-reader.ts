import type { Answer } from './answer.ts'
import type { ReadAnswer } from './decode-lane.ts'
import type { InferenceModel } from './inference-model.ts'
import { KeyValueCache, type SharedPrefix } from './key-value-cache.ts'
import type { PrefixStore } from './prefix-store.ts'

/** Most rows of a run, which bound its memory and how long others wait for it. */
export interface RowLimits {
  /** Of several prompts, padded to the longest. */
  readonly together: number
  /** Of a prompt alone: attention takes memory for each row and each token before it. */
  readonly alone: number
}

// Prompts that differ by this many tokens are padded rather than read apart.
const likeLength = 32

/** Reads prompts: in runs of many rows, those of like length together. */
export class PromptReader {
  readonly #model: InferenceModel
  readonly #prefixes: PrefixStore
  readonly #limits: () => RowLimits
  readonly #pause: () => Promise<void>

  /**
   * @param limits asked before each run
   * @param pause waited for after each run
   */
  constructor(
    model: InferenceModel,
    prefixes: PrefixStore,
    limits: () => RowLimits,
    pause: () => Promise<void>,
  ) {
    this.#model = model
    this.#prefixes = prefixes
    this.#limits = limits
    this.#pause = pause
  }

  /**
   * Reads the sequences of answers that are all long sequences for the model, or none. Those that end meanwhile are left out.
   *
   * @param onRead called for each answer with the logits after its last token, `[vocabulary]`, valid during the call
   * @param onFailure called with those that cannot be read; the others are read all the same
   */
  async read(
    answers: readonly Answer[],
    onRead: (read: ReadAnswer, logits: Float32Array) => void,
    onFailure: (answers: readonly Answer[], error: unknown) => void,
  ): Promise<void> {
    const alikes = this.#prefixes.alike(
      answers,
      ({ sequence }) => sequence,
      ({ request }) => request.adapter,
    )
    for (const alike of alikes) {
      let waiting: readonly Answer[] = alike.toSorted(
        (left, right) => left.sequence.length - right.sequence.length,
      )
      let prefix: SharedPrefix
      try {
        prefix = await this.#prefixes.prefixFor(
          alike.map(({ sequence }) => [...sequence]),
          () => this.#limits().alone,
          alike[0]?.request.adapter,
        )
      } catch (error) {
        onFailure(alike, error)
        continue
      }
      for (;;) {
        waiting = waiting.filter(({ done }) => !done)
        const group = this.#firstRun(waiting, prefix)
        if (group.length === 0) break
        try {
          await this.#readTogether(group, prefix, onRead)
        } catch (error) {
          onFailure(group, error)
        }
        waiting = waiting.slice(group.length)
        await this.#pause()
      }
    }
  }

  /** As many, shortest first, as one run may have. */
  #firstRun(answers: readonly Answer[], prefix: SharedPrefix): readonly Answer[] {
    const { together } = this.#limits()
    const [first] = answers
    const shortest = (first?.sequence.length ?? 0) - prefix.length
    const beyond = answers.findIndex(({ sequence }, index) => {
      const rows = sequence.length - prefix.length
      return index > 0 && ((index + 1) * rows > together || rows > 2 * shortest + likeLength)
    })
    return beyond < 0 ? answers : answers.slice(0, beyond)
  }

  async #readTogether(
    answers: readonly Answer[],
    prefix: SharedPrefix,
    onRead: (read: ReadAnswer, logits: Float32Array) => void,
  ): Promise<void> {
    const cache = new KeyValueCache(this.#model.config, answers.length, 0, prefix.adapter)
    const rests = answers.map(({ sequence }) => sequence.slice(prefix.length))
    const [only = []] = rests
    let at = 0
    if (rests.length === 1) {
      for (;;) {
        const { alone } = this.#limits()
        if (only.length - at <= alone || answers[0]?.done === true) break
        await this.#model.advance([only.slice(at, at + alone)], prefix, cache)
        at += alone
        await this.#pause()
      }
    }
    if (answers.every(({ done }) => done)) return
    const logits = await this.#model.advance(at === 0 ? rests : [only.slice(at)], prefix, cache)
    const size = this.#model.config.vocabularySize
    for (const [index, answer] of answers.entries()) {
      if (!answer.done)
        onRead({ answer, prefix, cache, index }, logits.subarray(index * size, (index + 1) * size))
    }
  }
}
