import type { Tensor } from '../graph/session.ts'
import type { ModelConfig } from './architecture.ts'

// Far below every score, and finite, so that a row without any allowed key gives numbers and not NaN.
const hidden = -1e30

/** The different windows of a model's layers; null stands for none. */
export function windowsOf({ attention }: ModelConfig): (number | null)[] {
  return [...new Set(attention.map(({ window }) => window))]
}

/** Name of a mask for the layers of one window. */
export const maskName = (mask: string, window: number | null): string =>
  window === null ? mask : `${mask}_${window}`

/**
 * Masks of the training graph, for each window: `prefix_mask [prefix, prefix]` and `mask [length, length]`, and, where
 * there is a window, `shared_mask`: of the rest's queries and the prefix's keys.
 */
export function trainingMasks(config: ModelConfig, prefix: number, length: number): Record<string, Tensor> {
  const masks: Record<string, Tensor> = {}
  for (const window of windowsOf(config)) {
    masks[maskName('prefix_mask', window)] = causalMask(prefix, window)
    masks[maskName('mask', window)] = causalMask(length, window)
    if (window !== null) masks[maskName('shared_mask', window)] = windowMask([prefix], length, prefix, window)
  }
  return masks
}

/** Tokens of which each continues one before it. */
interface Tree {
  /** The token before each; -1 for a first one. */
  readonly parents: readonly number[]
  readonly depths: readonly number[]
}

export interface CacheExtent {
  /** New tokens of each sequence, padding included. */
  readonly length: number
  /** Tokens of the prefix that all sequences share. */
  readonly shared: number
  /** Tokens of its own past that each sequence holds. */
  readonly lengths: readonly number[]
  /** Tokens of its own past that there is room for. */
  readonly capacity: number
  /** Where the new tokens of a sequence are a tree, and each sees the ones on its path alone. */
  readonly tree?: Tree | undefined
}

/**
 * Masks of the inference graph, for each window: `mask [length, length]`, `past_mask` of the new tokens and those of their
 * past, and, where there is a window, `shared_mask` of the new tokens and the shared prefix.
 */
export function inferenceMasks(config: ModelConfig, extent: CacheExtent): Record<string, Tensor> {
  const { length, shared, lengths, tree } = extent
  const masks: Record<string, Tensor> = {}
  for (const window of windowsOf(config)) {
    masks[maskName('mask', window)] = tree === undefined ? causalMask(length, window) : treeMask(tree, window)
    masks[maskName('past_mask', window)] = pastMask(extent, window)
    if (window === null) continue
    const starts = lengths.map((own) => shared + own)
    masks[maskName('shared_mask', window)] = windowMask(starts, length, shared, window, tree?.depths)
  }
  return masks
}

/** `[length, length]`: 0 where the key is not after the query and within its window, else a number that softmax turns into 0. */
function causalMask(length: number, window: number | null): Tensor {
  const data = new Float32Array(length * length)
  for (let query = 0; query < length; query++) {
    const row = query * length
    data.fill(hidden, row + query + 1, row + length)
    if (window !== null && query >= window) data.fill(hidden, row, row + query - window + 1)
  }
  return { data, shape: [length, length] }
}

/** `[nodes, nodes]`: 0 where the key is the query's node or one before it on its path, within the window. */
function treeMask({ parents, depths }: Tree, window: number | null): Tensor {
  const length = parents.length
  const data = new Float32Array(length * length).fill(hidden)
  for (let query = 0; query < length; query++) {
    const first = window === null ? 0 : (depths[query] ?? 0) - window + 1
    for (let key = query; key >= 0 && (depths[key] ?? 0) >= first; key = parents[key] ?? -1) {
      data[query * length + key] = 0
    }
  }
  return { data, shape: [length, length] }
}

/** `[1, batch, 1, length, capacity]`, or with one row for all queries where they see the same: a sequence's past. */
function pastMask({ length, lengths, capacity }: CacheExtent, window: number | null): Tensor {
  const cut = window !== null && Math.max(...lengths) + length > window
  const rows = cut ? length : 1
  const data = new Float32Array(lengths.length * rows * capacity)
  for (const [index, own] of lengths.entries()) {
    for (let query = 0; query < rows; query++) {
      const row = (index * rows + query) * capacity
      data.fill(hidden, row + own, row + capacity)
      if (cut) data.fill(hidden, row, row + clamp(own + query - window + 1, own))
    }
  }
  return { data, shape: [1, lengths.length, 1, rows, capacity] }
}

/**
 * `[1, sequences, 1, length, keys]`, or a single 0 where all is in the window: queries from position `starts[b]` on, keys
 * from position 0 on, all of them before the queries.
 */
function windowMask(
  starts: readonly number[],
  length: number,
  keys: number,
  window: number,
  depths?: readonly number[],
): Tensor {
  if (Math.max(...starts) + length <= window) return { data: new Float32Array(1), shape: [1, 1, 1, 1, 1] }
  const data = new Float32Array(starts.length * length * keys)
  for (const [index, start] of starts.entries()) {
    for (let query = 0; query < length; query++) {
      const row = (index * length + query) * keys
      data.fill(hidden, row, row + clamp(start + (depths?.[query] ?? query) - window + 1, keys))
    }
  }
  return { data, shape: [1, starts.length, 1, length, keys] }
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most))
