import { setImmediate as nextTurn } from 'node:timers/promises'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import type { ResidentAdapter } from '../adapter/resident-adapter.ts'
import type { InferenceModel } from './inference-model.ts'
import { cutPrefix, type SharedPrefix } from './key-value-cache.ts'

// A prefix shorter than this is not worth a run of its own.
const worthwhile = 16
// Bounds the memory of a run, however long the prefix is.
const tokensPerRun = (): number => 1024
// Of each adapter. All together hold no more tokens than this many of the longest.
const storedPrefixes = 4
const rememberedPrompts = 16
const rememberedOfAll = 256

interface Entry {
  readonly tokens: readonly number[]
  readonly prefix: SharedPrefix
}

/** Remembers what prompts start with, so that a system prompt is read once and not with every call. */
export class PrefixStore {
  readonly #model: InferenceModel
  readonly #pause: () => Promise<void>
  #recent: { readonly prompt: readonly number[]; readonly adapter: ResidentAdapter | undefined }[] = []
  #entries: Entry[] = []

  /** @param pause waited for after each run */
  constructor(model: InferenceModel, pause: () => Promise<void> = nextTurn) {
    this.#model = model
    this.#pause = pause
  }

  /** Cuts items into those of one adapter that begin with the same known prefix, or with none. */
  alike<T>(
    items: readonly T[],
    tokensOf: (item: T) => readonly number[],
    adapterOf: (item: T) => ResidentAdapter | undefined = () => undefined,
  ): T[][] {
    const groups = new Map<Entry | ResidentAdapter | undefined, T[]>()
    for (const item of items) {
      const tokens = tokensOf(item)
      const adapter = adapterOf(item)
      const starts = this.#entries.filter(
        (entry) =>
          entry.prefix.adapter === adapter &&
          entry.tokens.length < tokens.length &&
          commonPrefixLength([entry.tokens, tokens]) === entry.tokens.length,
      )
      const longest = starts.toSorted((left, right) => right.tokens.length - left.tokens.length)[0]
      const key = longest ?? adapter
      groups.set(key, [...(groups.get(key) ?? []), item])
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
    adapter?: ResidentAdapter,
  ): Promise<SharedPrefix> {
    const [first = []] = prompts
    const own = Math.min(...prompts.map((prompt) => prompt.length)) - 1
    const among = commonPrefixLength(prompts)
    const recent = this.#recent.filter((each) => each.adapter === adapter).slice(0, rememberedPrompts)
    const before = Math.max(0, ...recent.map(({ prompt }) => commonPrefixLength([prompt, first])))
    const length = Math.min(own, prompts.length > 1 ? among : before)
    this.#recent.unshift({ prompt: first, adapter })
    this.#recent.splice(rememberedOfAll)
    const nothing = this.#model.emptyPrefixFor(first.length, adapter)
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
      await this.#pause()
    }
    const others = this.#entries.filter(
      (other) => !isSameKind(other.prefix, nothing) || !isSame(other.tokens, tokens),
    )
    this.#entries = this.#worthKeeping([{ tokens, prefix }, ...others])
    return prefix
  }

  /** Drops what was read with an adapter that will not be used any more. */
  forget(adapter: ResidentAdapter): void {
    this.#entries = this.#entries.filter(({ prefix }) => prefix.adapter !== adapter)
    this.#recent = this.#recent.filter((each) => each.adapter !== adapter)
  }

  #worthKeeping(entries: readonly Entry[]): Entry[] {
    let room = storedPrefixes * this.#model.config.contextLength
    const counts = new Map<ResidentAdapter | undefined, number>()
    return entries.filter(({ tokens, prefix: { adapter } }) => {
      const count = counts.get(adapter) ?? 0
      if (count === storedPrefixes || tokens.length > room) return false
      counts.set(adapter, count + 1)
      room -= tokens.length
      return true
    })
  }

  /** The known prefix that has the longest start in common with these tokens. */
  #closest(
    tokens: readonly number[],
    nothing: SharedPrefix,
  ): (Entry & { readonly common: number }) | undefined {
    return this.#entries
      .filter(({ prefix }) => isSameKind(prefix, nothing))
      .map((entry) => ({ ...entry, common: commonPrefixLength([entry.tokens, tokens]) }))
      .filter(({ common }) => common > 0)
      .toSorted((left, right) => right.common - left.common || left.tokens.length - right.tokens.length)[0]
  }
}

const isSameKind = (left: SharedPrefix, right: SharedPrefix): boolean =>
  left.isLong === right.isLong && left.adapter === right.adapter

function isSame(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && commonPrefixLength([left, right]) === left.length
}
