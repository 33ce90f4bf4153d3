import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { causalMask, rotationTensors } from '../arch/position-inputs.ts'
import type { Tensor } from '../graph/session.ts'
import type { EncodedExample } from './encoded-example.ts'

/** The inputs of the training graph for some examples, adapter matrices excepted. */
export interface Batch {
  readonly feeds: Readonly<Record<string, Tensor>>
  /** For each loss row, the index of its example; padding rows are not listed. */
  readonly exampleOfRow: readonly number[]
  /** Rows that the linear layers see, padding included. */
  readonly rows: number
}

export interface BatchOptions {
  /** Tokens that all examples have in common at their start, computed once. */
  readonly prefixLength: number
  /** Weight of each trained token in the loss: 1 / trained tokens of the whole optimizer step. */
  readonly tokenWeight: number
}

/**
 * Lays examples out as the training graph wants them. Sequence lengths and the number of loss rows are rounded up to a
 * small set of sizes, so that the runtime's arena sees the same shapes again and again.
 */
export function createBatch(
  architecture: Architecture,
  config: ModelConfig,
  examples: readonly EncodedExample[],
  { prefixLength, tokenWeight }: BatchOptions,
): Batch {
  const longest = Math.max(...examples.map(({ tokens }) => tokens.length))
  const length = roundUp(Math.max(1, longest - prefixLength))
  const tokens = new BigInt64Array(examples.length * length)
  const lossRows: number[] = []
  const targets: number[] = []
  const exampleOfRow: number[] = []
  const rowOf = (example: number, position: number): number =>
    position < prefixLength ? position : prefixLength + example * length + position - prefixLength
  for (const [index, example] of examples.entries()) {
    for (let position = prefixLength; position < example.tokens.length; position++) {
      tokens[index * length + position - prefixLength] = BigInt(example.tokens[position] ?? 0)
    }
    for (let position = 1; position < example.tokens.length; position++) {
      if (example.trained[position] !== true) continue
      lossRows.push(rowOf(index, position - 1))
      targets.push(example.tokens[position] ?? 0)
      exampleOfRow.push(index)
    }
  }
  const count = roundUp(Math.max(1, lossRows.length))
  const weights = new Float32Array(count).fill(tokenWeight, 0, lossRows.length)
  const prefix = examples[0]?.tokens.slice(0, prefixLength) ?? []
  const positions = [
    ...prefix.keys(),
    ...examples.flatMap(() => Array.from({ length }, (_, offset) => prefixLength + offset)),
  ]
  return {
    exampleOfRow,
    rows: positions.length,
    feeds: {
      prefix_tokens: integers(prefix, prefixLength),
      tokens: { data: tokens, shape: [examples.length, length] },
      ...rotationTensors(architecture, config, positions),
      prefix_mask: causalMask(prefixLength),
      mask: causalMask(length),
      loss_rows: integers(lossRows, count),
      targets: integers(targets, count),
      loss_weights: { data: weights, shape: [count] },
    },
  }
}

/** The next of 8, 16, 24 … 64, 80 … 128, 160 … 256, 320 …: at most a quarter more than asked for, beyond 32. */
export function roundUp(size: number): number {
  const step = Math.max(8, 2 ** Math.ceil(Math.log2(Math.max(1, size)) - 3))
  return Math.ceil(size / step) * step
}

function integers(values: readonly number[], count: number): Tensor {
  const data = new BigInt64Array(count)
  for (const [index, value] of values.entries()) data[index] = BigInt(value)
  return { data, shape: [count] }
}
