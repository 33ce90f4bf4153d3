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

/** What sequences of one batch have been through: the keys and values of their own past tokens. */
export class KeyValueCache {
  readonly #config: ModelConfig
  #layers: Layers
  #capacity = 0
  /** Tokens that each sequence holds here, a shared prefix not counted. */
  readonly lengths: number[]

  constructor(config: ModelConfig, batch: number) {
    this.#config = config
    this.lengths = Array.from({ length: batch }, () => 0)
    this.#layers = this.#allocate(batch, 0)
  }

  get capacity(): number {
    return this.#capacity
  }

  /** The graph's inputs for the past. */
  feeds(): Record<string, Tensor> {
    const { keyValueHeads, headSize } = this.#config
    const shape = [keyValueHeads, this.lengths.length, this.#capacity, headSize]
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
    const needed = Math.max(...this.lengths.map((used, index) => used + (counts[index] ?? 0)))
    if (needed > this.#capacity)
      this.#rearrange([...this.lengths.keys()], Math.ceil(needed / growth) * growth)
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

  /** Keeps the given sequences only, in the given order. */
  select(sequences: readonly number[]): void {
    this.#rearrange(sequences, this.#capacity)
    this.lengths.splice(0, this.lengths.length, ...sequences.map((sequence) => this.lengths[sequence] ?? 0))
  }

  #rearrange(sequences: readonly number[], capacity: number): void {
    const { keyValueHeads, headSize, layers } = this.#config
    const oldBatch = this.lengths.length
    const old = this.#layers
    const next = this.#allocate(sequences.length, capacity)
    const width = Math.min(capacity, this.#capacity) * headSize
    for (let layer = 0; layer < layers; layer++) {
      for (const [source, target] of [
        [old.keys[layer], next.keys[layer]],
        [old.values[layer], next.values[layer]],
      ]) {
        for (let head = 0; head < keyValueHeads; head++) {
          for (const [index, sequence] of sequences.entries()) {
            const from = (head * oldBatch + sequence) * this.#capacity * headSize
            const at = (head * sequences.length + index) * capacity * headSize
            if (source !== undefined && width > 0) target?.set(source.subarray(from, from + width), at)
          }
        }
      }
    }
    this.#layers = next
    this.#capacity = capacity
  }

  #allocate(batch: number, capacity: number): Layers {
    const { keyValueHeads, headSize, layers } = this.#config
    const make = (): Float32Array[] =>
      Array.from({ length: layers }, () => new Float32Array(keyValueHeads * batch * capacity * headSize))
    return { keys: make(), values: make() }
  }
}

/** Keys and values of a prefix that all sequences share, `[keyValueHeads, length, headSize]` each. */
export interface SharedPrefix {
  readonly length: number
  /** Rotated for sequences that are long for the model (`isLongSequence`). */
  readonly isLong: boolean
  readonly feeds: Readonly<Record<string, Tensor>>
}

export function emptyPrefix({ layers, keyValueHeads, headSize }: ModelConfig, isLong = false): SharedPrefix {
  const nothing = { data: new Float32Array(0), shape: [keyValueHeads, 0, headSize] }
  const feeds: Record<string, Tensor> = {}
  for (let layer = 0; layer < layers; layer++) {
    const names = cacheNames(layer)
    feeds[names.sharedKeys] = nothing
    feeds[names.sharedValues] = nothing
  }
  return { length: 0, isLong, feeds }
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
  return { length, isLong: prefix.isLong, feeds }
}
