import { setImmediate as nextTurn } from 'node:timers/promises'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import type { InferenceModel } from './inference-model.ts'
import { cutPrefix, type SharedPrefix } from './key-value-cache.ts'

// A prefix shorter than this is not worth a run of its own.
const worthwhile = 16
// Bounds the memory of a run, however long the prefix is.
const tokensPerRun = (): number => 1024
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

  /** Cuts items into those that begin with the same known prefix, or with none. */
  alike<T>(items: readonly T[], tokensOf: (item: T) => readonly number[]): T[][] {
    const groups = new Map<Entry | undefined, T[]>()
    for (const item of items) {
      const tokens = tokensOf(item)
      const starts = this.#entries.filter(
        (entry) =>
          entry.tokens.length < tokens.length &&
          commonPrefixLength([entry.tokens, tokens]) === entry.tokens.length,
      )
      const longest = starts.toSorted((left, right) => right.tokens.length - left.tokens.length)[0]
      groups.set(longest, [...(groups.get(longest) ?? []), item])
    }
    return [...groups.values()]
  }

  /**
   * The prefix that all of these prompts share, each of which keeps at least one token of its own. All of them are long
   * sequences for the model, or none.
   *
   * @param rows the most tokens that a run may read, asked before each
   */
  async prefixFor(
    prompts: readonly (readonly number[])[],
    rows: () => number = tokensPerRun,
  ): Promise<SharedPrefix> {
    const [first = []] = prompts
    const own = Math.min(...prompts.map((prompt) => prompt.length)) - 1
    const among = commonPrefixLength(prompts)
    const before = Math.max(0, ...this.#recent.map((prompt) => commonPrefixLength([prompt, first])))
    const length = Math.min(own, prompts.length > 1 ? among : before)
    this.#recent.unshift(first)
    this.#recent.splice(rememberedPrompts)
    const nothing = this.#model.emptyPrefixFor(first.length)
    if (length < worthwhile) return nothing
    const tokens = first.slice(0, length)
    const known = this.#closest(tokens, nothing)
    // What a few more tokens have in common is not worth a run either.
    const enough = known !== undefined && length - known.tokens.length < worthwhile
    return enough && known.common === known.tokens.length
      ? this.prefixOf(known.tokens, nothing, rows)
      : this.prefixOf(tokens, nothing, rows)
  }

  /**
   * Keys and values of exactly these tokens.
   *
   * @param nothing the empty prefix that they are to follow
   * @param rows the most tokens that a run may read, asked before each
   */
  async prefixOf(
    tokens: readonly number[],
    nothing: SharedPrefix = this.#model.emptyPrefix,
    rows: () => number = tokensPerRun,
  ): Promise<SharedPrefix> {
    const closest = this.#closest(tokens, nothing)
    let prefix =
      closest === undefined ? nothing : cutPrefix(this.#model.config, closest.prefix, closest.common)
    while (prefix.length < tokens.length) {
      const next = tokens.slice(prefix.length, prefix.length + rows())
      prefix = await this.#model.extendPrefix(next, prefix)
      await nextTurn()
    }
    const others = this.#entries.filter(
      (other) => other.prefix.isLong !== nothing.isLong || !isSame(other.tokens, tokens),
    )
    this.#entries = [{ tokens, prefix }, ...others]
    this.#entries.splice(storedPrefixes)
    return prefix
  }

  /** The known prefix that has the longest start in common with these tokens. */
  #closest(
    tokens: readonly number[],
    { isLong }: SharedPrefix,
  ): (Entry & { readonly common: number }) | undefined {
    return this.#entries
      .filter((entry) => entry.prefix.isLong === isLong)
      .map((entry) => ({ ...entry, common: commonPrefixLength([entry.tokens, tokens]) }))
      .filter(({ common }) => common > 0)
      .toSorted((left, right) => right.common - left.common || left.tokens.length - right.tokens.length)[0]
  }
}

function isSame(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && commonPrefixLength([left, right]) === left.length
}
