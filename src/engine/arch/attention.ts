import type { Dimension, Graph, Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { addMask } from '../graph/ops/add-mask.ts'
import { concat } from '../graph/ops/concat.ts'
import { matmul } from '../graph/ops/matmul.ts'
import { reshape } from '../graph/ops/reshape.ts'
import { softmax } from '../graph/ops/softmax.ts'
import { split } from '../graph/ops/split.ts'
import { transpose } from '../graph/ops/transpose.ts'

export interface HeadLayout {
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
  /** Factor of the scores. */
  readonly attentionScale: number
}

/** Rows that form a rectangle of sequences: `rows = batch · length`. */
export interface Block {
  readonly batch: Dimension
  readonly length: Dimension
}

/** Keys and values that a block's queries attend to, beside those of other segments. */
export interface Segment {
  /** `[keyValueHeads, batch, length, headSize]`, or `[keyValueHeads, length, headSize]` when every sequence shares it. */
  readonly keys: Value
  readonly values: Value
  readonly length: Dimension
  /** Added to the scores, broadcast to `[keyValueHeads, batch, group, queries, length]`. */
  readonly mask?: Value | undefined
}

/** `[rows, heads · headSize] → [keyValueHeads, batch, group, length, headSize]`: queries grouped by the keys they share. */
export function toQueryHeads(graph: Graph, rows: Value, { batch, length }: Block, layout: HeadLayout): Value {
  const { heads, keyValueHeads, headSize } = layout
  const split5 = reshape(graph, rows, [batch, length, keyValueHeads, heads / keyValueHeads, headSize])
  return transpose(graph, split5, [2, 0, 3, 1, 4])
}

/** `[rows, keyValueHeads · headSize] → [keyValueHeads, batch, length, headSize]` */
export function toKeyHeads(graph: Graph, rows: Value, { batch, length }: Block, layout: HeadLayout): Value {
  const split4 = reshape(graph, rows, [batch, length, layout.keyValueHeads, layout.headSize])
  return transpose(graph, split4, [2, 0, 1, 3])
}

/**
 * Softmax attention of grouped queries over one or more segments of keys, as if these were one sequence.
 * Grouped-query attention: Ainslie et al. 2023, https://arxiv.org/abs/2305.13245
 *
 * @param queries `[keyValueHeads, batch, group, length, headSize]`
 * @returns `[batch · length, heads · headSize]`
 */
export function attention(
  graph: Graph,
  queries: Value,
  segments: readonly Segment[],
  block: Block,
  layout: HeadLayout,
): Value {
  const { heads, keyValueHeads, headSize } = layout
  const group = heads / keyValueHeads
  const { batch, length } = block
  const name = `${batch}·${group}·${length}`
  const groupRows = graph.product(`${group}·${length}`, [group, length])
  const sharedRows = graph.product(name, [batch, group, length])
  const fold = (value: Value, shared: boolean, width: Dimension): Value =>
    reshape(
      graph,
      value,
      shared ? [keyValueHeads, sharedRows, width] : [keyValueHeads, batch, groupRows, width],
    )
  const unfold = (value: Value, width: Dimension): Value =>
    reshape(graph, value, [keyValueHeads, batch, group, length, width])

  const scores = segments.map(({ keys, mask, length: keyLength }) => {
    const shared = keys.shape.length === 3
    const product = matmul(graph, fold(queries, shared, headSize), keys, {
      transposeRight: true,
      scale: layout.attentionScale,
    })
    const unfolded = unfold(product, keyLength)
    return mask === undefined ? unfolded : addMask(graph, unfolded, mask)
  })
  const keys = segments.map((segment) => segment.length).join(' and ')
  const probabilities = softmax(graph, concat(graph, scores, 4, keys))
  const shares = split(
    graph,
    probabilities,
    4,
    segments.map((segment) => segment.length),
  )
  const parts = segments.map(({ values, length: keyLength }, index) => {
    const shared = values.shape.length === 3
    return unfold(matmul(graph, fold(shares[index] as Value, shared, keyLength), values), headSize)
  })
  const mixed = parts.reduce((left, right) => add(graph, left, right))
  return reshape(graph, transpose(graph, mixed, [1, 3, 0, 2, 4]), [
    graph.product(`${batch}·${length}`, [batch, length]),
    heads * headSize,
  ])
}

/**
 * The same for one new token of one sequence, with half the nodes: nothing has to be transposed.
 *
 * @param queries `[1, heads · headSize]`
 * @param segments keys and values `[keyValueHeads, length, headSize]`, masks broadcast to `[keyValueHeads, group, length]`
 * @returns `[1, heads · headSize]`
 */
export function attentionOfOneRow(
  graph: Graph,
  queries: Value,
  segments: readonly Segment[],
  { heads, keyValueHeads, headSize, attentionScale }: HeadLayout,
): Value {
  const grouped = reshape(graph, queries, [keyValueHeads, heads / keyValueHeads, headSize])
  const scores = segments.map(({ keys, mask }) => {
    const product = matmul(graph, grouped, keys, { transposeRight: true, scale: attentionScale })
    return mask === undefined ? product : addMask(graph, product, mask)
  })
  const lengths = segments.map(({ length }) => length)
  const probabilities = softmax(graph, concat(graph, scores, 2, lengths.join(' and ')))
  const shares = split(graph, probabilities, 2, lengths)
  const parts = segments.map(({ values }, index) => matmul(graph, shares[index] as Value, values))
  return reshape(
    graph,
    parts.reduce((left, right) => add(graph, left, right)),
    queries.shape,
  )
}
