import type { ResidentAdapter } from '../adapter/resident-adapter.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import type { Tensor } from '../graph/session.ts'
import { cacheNames } from './inference-graph.ts'

/** Keys or values of every layer, `[keyValueHeads, batch, capacity, headSize]` each. */
interface Layers {
  readonly keys: Float32Array[]
  readonly values: Float32Array[]
}

// Capacity grows in steps, so that the graph sees few shapes and the copy of a growth is paid rarely.
const growth = 64

/** A sequence that has been read, and where its keys and values lie: those of a prefix, then its own. */
export interface CachedSequence {
  readonly prefix: SharedPrefix
  readonly cache: KeyValueCache
  /** Which sequence of `cache` it is. */
  readonly index: number
}

/** What sequences of one batch have been through: the keys and values of their own past tokens. */
export class KeyValueCache {
  readonly #config: ModelConfig
  #layers: Layers
  #capacity = 0
  /** Tokens that each sequence holds here, a shared prefix not counted. */
  readonly lengths: number[]
  /** What each sequence is computed with, of adapters that come with the run. */
  readonly adapters: (ResidentAdapter | undefined)[]

  /** @param adapter of all sequences */
  constructor(config: ModelConfig, batch: number, capacity = 0, adapter?: ResidentAdapter) {
    this.#config = config
    this.lengths = Array.from({ length: batch }, () => 0)
    this.adapters = Array.from({ length: batch }, () => adapter)
    this.#capacity = capacity
    this.#layers = this.#allocate(capacity)
  }

  /** A batch of copies of what sequences hold from their token `start` on. */
  static of(config: ModelConfig, sequences: readonly CachedSequence[], start: number): KeyValueCache {
    const longest = Math.max(0, ...sequences.map((sequence) => tokensIn(sequence) - start))
    const cache = new KeyValueCache(config, sequences.length, capacityFor(longest))
    for (const [index, sequence] of sequences.entries()) cache.place(index, sequence, start)
    return cache
  }

  get capacity(): number {
    return this.#capacity
  }

  /** The graph's inputs for the past. @param singleRow of a graph for single rows, which knows no batch */
  feeds(singleRow: boolean): Record<string, Tensor> {
    const { keyValueHeads, headSize } = this.#config
    const batch = singleRow ? [] : [this.lengths.length]
    const shape = [keyValueHeads, ...batch, this.#capacity, headSize]
    const feeds: Record<string, Tensor> = {}
    for (let layer = 0; layer < this.#config.layers; layer++) {
      const names = cacheNames(layer)
      feeds[names.pastKeys] = { data: this.#layers.keys[layer] as Float32Array, shape }
      feeds[names.pastValues] = { data: this.#layers.values[layer] as Float32Array, shape }
    }
    return feeds
  }

  /**
   * Takes the keys and values of new tokens from a run's outputs.
   *
   * @param counts how many of the `length` new tokens of each sequence are real; the rest is padding
   */
  append(outputs: Readonly<Record<string, Tensor>>, length: number, counts: readonly number[]): void {
    this.#hold(Math.max(...this.lengths.map((used, index) => used + (counts[index] ?? 0))))
    const { keyValueHeads, headSize, layers } = this.#config
    const batch = this.lengths.length
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer)
      for (const [target, name] of [
        [this.#layers.keys[layer], names.keys],
        [this.#layers.values[layer], names.values],
      ] as const) {
        const source = outputs[name]?.data as Float32Array
        for (let row = 0; row < keyValueHeads * batch; row++) {
          const sequence = row % batch
          const from = row * length * headSize
          const at = (row * this.#capacity + (this.lengths[sequence] ?? 0)) * headSize
          target?.set(source.subarray(from, from + (counts[sequence] ?? 0) * headSize), at)
        }
      }
    }
    for (const [index, count] of counts.entries()) this.lengths[index] = (this.lengths[index] ?? 0) + count
  }

  /** Copies what another sequence holds from its token `start` on to the place of one here, whatever that held. */
  place(index: number, sequence: CachedSequence, start: number): void {
    const { keyValueHeads, headSize, layers } = this.#config
    const { prefix, cache } = sequence
    this.cut(index, 0)
    this.#hold(tokensIn(sequence) - start)
    const fromPrefix = Math.max(0, prefix.length - start)
    const skipped = Math.max(0, start - prefix.length)
    const own = (cache.lengths[sequence.index] ?? 0) - skipped
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer)
      for (const [target, source, shared] of [
        [this.#layers.keys[layer], cache.#layers.keys[layer], prefix.feeds[names.sharedKeys]],
        [this.#layers.values[layer], cache.#layers.values[layer], prefix.feeds[names.sharedValues]],
      ] as const) {
        for (let head = 0; head < keyValueHeads; head++) {
          const at = (head * this.lengths.length + index) * this.#capacity
          copyRows(shared?.data, head * prefix.length + start, target, at, fromPrefix, headSize)
          const from = (head * cache.lengths.length + sequence.index) * cache.#capacity + skipped
          copyRows(source, from, target, at + fromPrefix, own, headSize)
        }
      }
    }
    this.lengths[index] = fromPrefix + own
    this.adapters[index] = cache.adapters[sequence.index]
  }

  /** Forgets a sequence. */
  clear(index: number): void {
    this.cut(index, 0)
    this.adapters[index] = undefined
  }

  /** Forgets all but the first tokens that a sequence holds here. */
  cut(index: number, length: number): void {
    this.lengths[index] = length
  }

  /** Makes room for this many tokens of each sequence. */
  #hold(tokens: number): void {
    const old = { layers: this.#layers, capacity: this.#capacity }
    if (tokens <= old.capacity) return
    const { keyValueHeads, headSize, layers } = this.#config
    this.#capacity = capacityFor(tokens)
    this.#layers = this.#allocate(this.#capacity)
    const batch = this.lengths.length
    for (let layer = 0; layer < layers; layer++) {
      for (const [source, target] of [
        [old.layers.keys[layer], this.#layers.keys[layer]],
        [old.layers.values[layer], this.#layers.values[layer]],
      ] as const) {
        for (let row = 0; row < keyValueHeads * batch; row++) {
          const used = this.lengths[row % batch] ?? 0
          copyRows(source, row * old.capacity, target, row * this.#capacity, used, headSize)
        }
      }
    }
  }

  #allocate(capacity: number): Layers {
    const { keyValueHeads, headSize, layers } = this.#config
    const size = keyValueHeads * this.lengths.length * capacity * headSize
    const make = (): Float32Array[] => Array.from({ length: layers }, () => new Float32Array(size))
    return { keys: make(), values: make() }
  }
}

const capacityFor = (tokens: number): number => Math.ceil(tokens / growth) * growth

/** Tokens that a sequence holds, its prefix included. */
const tokensIn = ({ prefix, cache, index }: CachedSequence): number =>
  prefix.length + (cache.lengths[index] ?? 0)

/** Copies `count` rows of `width` numbers; a count below 1 copies nothing. */
function copyRows(
  source: Tensor['data'] | undefined,
  from: number,
  target: Float32Array | undefined,
  at: number,
  count: number,
  width: number,
): void {
  if (count <= 0) return
  target?.set((source as Float32Array).subarray(from * width, (from + count) * width), at * width)
}

/** Keys and values of a prefix that all sequences share, `[keyValueHeads, length, headSize]` each. */
export interface SharedPrefix {
  readonly length: number
  /** Rotated for sequences that are long for the model (`isLongSequence`). */
  readonly isLong: boolean
  /** What it was computed with, of adapters that come with the run. */
  readonly adapter?: ResidentAdapter | undefined
  readonly feeds: Readonly<Record<string, Tensor>>
}

export function emptyPrefix(
  { layers, keyValueHeads, headSize }: ModelConfig,
  isLong = false,
  adapter?: ResidentAdapter,
): SharedPrefix {
  const nothing = { data: new Float32Array(0), shape: [keyValueHeads, 0, headSize] }
  const feeds: Record<string, Tensor> = {}
  for (let layer = 0; layer < layers; layer++) {
    const names = cacheNames(layer)
    feeds[names.sharedKeys] = nothing
    feeds[names.sharedValues] = nothing
  }
  return { length: 0, isLong, adapter, feeds }
}

/** A prefix made longer by the new tokens of a run at batch 1. */
export function extendPrefix(
  config: ModelConfig,
  prefix: SharedPrefix,
  outputs: Readonly<Record<string, Tensor>>,
  count: number,
): SharedPrefix {
  const { keyValueHeads, headSize, layers } = config
  const length = prefix.length + count
  const feeds: Record<string, Tensor> = {}
  for (let layer = 0; layer < layers; layer++) {
    const names = cacheNames(layer)
    for (const [shared, fresh] of [
      [names.sharedKeys, names.keys],
      [names.sharedValues, names.values],
    ] as const) {
      const before = prefix.feeds[shared]?.data as Float32Array
      const added = outputs[fresh] as Tensor
      const addedLength = added.shape[2] ?? 0
      const data = new Float32Array(keyValueHeads * length * headSize)
      for (let head = 0; head < keyValueHeads; head++) {
        const from = head * prefix.length * headSize
        data.set(before.subarray(from, from + prefix.length * headSize), head * length * headSize)
        const start = head * addedLength * headSize
        const part = (added.data as Float32Array).subarray(start, start + count * headSize)
        data.set(part, (head * length + prefix.length) * headSize)
      }
      feeds[shared] = { data, shape: [keyValueHeads, length, headSize] }
    }
  }
  return { ...prefix, length, feeds }
}

/** The first tokens of a prefix. */
export function cutPrefix(config: ModelConfig, prefix: SharedPrefix, length: number): SharedPrefix {
  if (length >= prefix.length) return prefix
  const { keyValueHeads, headSize } = config
  const feeds: Record<string, Tensor> = {}
  for (const [name, { data }] of Object.entries(prefix.feeds)) {
    const kept = new Float32Array(keyValueHeads * length * headSize)
    for (let head = 0; head < keyValueHeads; head++) {
      copyRows(data, head * prefix.length, kept, head * length, length, headSize)
    }
    feeds[name] = { data: kept, shape: [keyValueHeads, length, headSize] }
  }
  return { ...prefix, length, feeds }
}
