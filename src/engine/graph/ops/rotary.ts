import type { Graph, Value } from '../graph.ts'
import { reshapeNode } from './reshape.ts'

/** Cosines and sines of the rotation angles of every row, each `[rows, pairs]`. */
export interface Rotation {
  readonly cosines: Value
  readonly sines: Value
}

/**
 * Rotary position embedding in the half-split layout of Hugging Face weights: element `i` of a head is paired with element
 * `i + pairs`; elements from `2 · pairs` on stay as they are. Su et al. 2021, https://arxiv.org/abs/2104.09864
 *
 * @param input `[rows, heads · headSize]`
 */
export function rotary(graph: Graph, input: Value, heads: number, { cosines, sines }: Rotation): Value {
  const output = rotate(graph, input, heads, cosines, sines)
  return graph.differentiate(output, [input], (gradient) => [
    // The transposed rotation is that by the opposite angle.
    rotate(graph, gradient, heads, cosines, graph.node('Neg', [sines], sines.shape)),
  ])
}

function rotate(graph: Graph, input: Value, heads: number, cosines: Value, sines: Value): Value {
  const [rows = 1, width = 1] = input.shape
  const [headSize, pairs] = [Number(width) / heads, Number(cosines.shape[1])]
  const shape = [1, rows, width]
  const batched = reshapeNode(graph, input, shape)
  const inputs = [batched, graph.integers([0]), cosines, sines]
  const rotated = graph.node('RotaryEmbedding', inputs, shape, {
    domain: 'com.microsoft',
    attributes: { num_heads: heads, ...(2 * pairs === headSize ? {} : { rotary_embedding_dim: 2 * pairs }) },
  })
  return reshapeNode(graph, rotated, input.shape)
}
