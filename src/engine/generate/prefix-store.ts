import { commonPrefixLength } from '../../lib/common-prefix.ts'
import type { InferenceModel } from './inference-model.ts'
import type { SharedPrefix } from './key-value-cache.ts'

// A prefix shorter than this is not worth a run of its own.
const worthwhile = 16
// Bounds the memory of a run, however long the prefix is.
const tokensPerRun = 1024
const storedPrefixes = 4
const rememberedPrompts = 16

interface Entry {
  readonly tokens: readonly number[]
  readonly prefix: SharedPrefix
}

/** Remembers what prompts start with, so that a system prompt is read once and not with every call. */
export class PrefixStore {
  readonly #model: InferenceModel
  readonly #recent: (readonly number[])[] = []
  #entries: Entry[] = []

  constructor(model: InferenceModel) {
    this.#model = model
  }

  /**
   * The prefix that all of these prompts share, each of which keeps at least one token of its own. All of them are long
   * sequences for the model, or none.
   */
  async prefixFor(prompts: readonly (readonly number[])[]): Promise<SharedPrefix> {
    const [first = []] = prompts
    const own = Math.min(...prompts.map((prompt) => prompt.length)) - 1
    const among = commonPrefixLength(prompts)
    const before = Math.max(0, ...this.#recent.map((prompt) => commonPrefixLength([prompt, first])))
    const length = Math.min(own, prompts.length > 1 ? among : before)
    this.#recent.unshift(first)
    this.#recent.splice(rememberedPrompts)
    const nothing = this.#model.emptyPrefixFor(first.length)
    return length < worthwhile ? nothing : this.prefixOf(first.slice(0, length), nothing)
  }

  /**
   * Keys and values of exactly these tokens.
   *
   * @param nothing the empty prefix that they are to follow
   */
  async prefixOf(
    tokens: readonly number[],
    nothing: SharedPrefix = this.#model.emptyPrefix,
  ): Promise<SharedPrefix> {
    const isStart = (entry: Entry): boolean =>
      entry.prefix.isLong === nothing.isLong &&
      commonPrefixLength([entry.tokens, tokens]) === entry.tokens.length
    const longest = this.#entries
      .filter(isStart)
      .toSorted((left, right) => right.tokens.length - left.tokens.length)[0]
    const known = longest?.tokens.length ?? 0
    let prefix = longest?.prefix ?? nothing
    for (let at = known; at < tokens.length; at += tokensPerRun) {
      prefix = await this.#model.extendPrefix(tokens.slice(at, at + tokensPerRun), prefix)
    }
    const entry = { tokens, prefix }
    this.#entries = [entry, ...this.#entries.filter((other) => other !== longest || known < tokens.length)]
    this.#entries.splice(storedPrefixes)
    return prefix
  }
}
