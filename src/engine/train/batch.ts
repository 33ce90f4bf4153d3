import type { ModelConfig } from '../arch/architecture.ts'
import { trainingMasks } from '../arch/masks.ts'
import { isLongSequence, rotationTensors } from '../arch/position-inputs.ts'
import type { Tensor } from '../graph/session.ts'
import type { EncodedSequence } from './encoded-example.ts'

/** The inputs of the training graph for some examples, adapter matrices excepted. */
export interface Batch {
  readonly feeds: Readonly<Record<string, Tensor>>
  /** For each loss row, the index of its example; padding rows are not listed. */
  readonly exampleOfRow: readonly number[]
  /** Rows that the linear layers see, unused ones included. */
  readonly rows: number
  readonly sequences: readonly EncodedSequence[]
  /** Tokens that all sequences have in common at their start: the first rows. */
  readonly prefixLength: number
  /** Of each sequence, the row of its first token after the prefix. */
  readonly firstRows: readonly number[]
}

export interface BatchOptions {
  /** Tokens that all examples have in common at their start, computed once. */
  readonly prefixLength: number
  /** Weight of each trained token in the loss, times that of its example: 1 / their sum over the whole optimizer step. */
  readonly tokenWeight: number
}

/**
 * Lays examples out as the training graph wants them. Sequence lengths, the number of rows and that of loss rows are rounded
 * up to a small set of sizes, so that the runtime's arena sees the same shapes again and again.
 */
export function createBatch(
  config: ModelConfig,
  examples: readonly (EncodedSequence & { readonly weight?: number })[],
  { prefixLength, tokenWeight }: BatchOptions,
): Batch {
  const longest = Math.max(...examples.map(({ tokens }) => tokens.length))
  const length = roundUp(Math.max(1, longest - prefixLength))
  const places = examples.length * length
  const used = usedRows(examples, prefixLength)
  const rows = packedRows(used, prefixLength + places)
  const tokens = [...(examples[0]?.tokens.slice(0, prefixLength) ?? [])]
  const positions = [...tokens.keys()]
  const placeOfRow = [...tokens.keys()]
  // An unused place points to an unused row, and an unused row to an unused place.
  const rowOfPlace = Array.from({ length: places }, () => used)
  const firstRows: number[] = []
  for (const [index, example] of examples.entries()) {
    firstRows.push(tokens.length)
    for (let position = prefixLength; position < example.tokens.length; position++) {
      const place = index * length + position - prefixLength
      rowOfPlace[place] = tokens.length
      placeOfRow.push(prefixLength + place)
      positions.push(position)
      tokens.push(example.tokens[position] ?? 0)
    }
  }
  const unusedPlace = prefixLength + rowOfPlace.indexOf(used)
  for (let row = used; row < rows; row++) placeOfRow.push(unusedPlace)

  const lossRows: number[] = []
  const targets: number[] = []
  const exampleOfRow: number[] = []
  const rowOf = (example: number, position: number): number =>
    position < prefixLength ? position : (firstRows[example] ?? 0) + position - prefixLength
  for (const [index, example] of examples.entries()) {
    for (let position = 1; position < example.tokens.length; position++) {
      if (example.trained[position] !== true) continue
      lossRows.push(rowOf(index, position - 1))
      targets.push(example.tokens[position] ?? 0)
      exampleOfRow.push(index)
    }
  }
  const count = roundUp(Math.max(1, lossRows.length))
  const weights = new Float32Array(count)
  for (const [row, example] of exampleOfRow.entries())
    weights[row] = tokenWeight * (examples[example]?.weight ?? 1)
  const unusedRows = Array.from({ length: rows - used }, () => 0)
  return {
    exampleOfRow,
    rows,
    sequences: examples,
    prefixLength,
    firstRows,
    feeds: {
      tokens: integers(tokens, rows),
      row_of_place: { ...integers(rowOfPlace, places), shape: [examples.length, length] },
      place_of_row: integers(placeOfRow, rows),
      ...rotationTensors(config, [...positions, ...unusedRows], isLongSequence(config, longest)),
      ...trainingMasks(config, prefixLength, length),
      loss_rows: integers(lossRows, count),
      targets: integers(targets, count),
      loss_weights: { data: weights, shape: [count] },
    },
  }
}

/** Rows that a batch needs: its prefix once, and the rest of each example. */
export function usedRows(examples: readonly EncodedSequence[], prefixLength: number): number {
  return examples.reduce((sum, { tokens }) => sum + tokens.length - prefixLength, prefixLength)
}

// Every linear layer computes every row: a coarser step costs more than the reuse of memory gains.
const rowStep = 32

/** Packed rows, unused ones included: some exactly when the rectangle of `places` has unused places. */
function packedRows(used: number, places: number): number {
  if (used === places) return used
  return Math.min(places, Math.ceil((used + 1) / rowStep) * rowStep)
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
