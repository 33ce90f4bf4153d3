import type { Graph, Value } from '../graph.ts'
import { gemm } from './gemm.ts'

/** The trainable matrices of one adapted linear layer, in PEFT's layout. */
export interface LowRankPair {
  /** `[rank, inputs]` */
  readonly a: Value
  /** `[outputs, rank]` */
  readonly b: Value
  /** Factor of the adapter's part: alpha / rank. */
  readonly scale: number
}

/**
 * A frozen linear layer, `x Wᵀ`, with an optional low-rank adapter: `x Wᵀ + scale · (x Aᵀ) Bᵀ`.
 * LoRA: Hu et al. 2021, https://arxiv.org/abs/2106.09685
 *
 * @param input `[rows, inputs]`
 * @param weight `[outputs, inputs]`, no gradient is computed for it
 * @returns `[rows, outputs]`
 */
export function linear(graph: Graph, input: Value, weight: Value, adapter?: LowRankPair): Value {
  const [rows = 1] = input.shape
  const [outputs = 1] = weight.shape
  const frozen = gemm(graph, input, weight, [rows, outputs], { transposeRight: true })
  if (adapter === undefined) {
    return graph.differentiate(frozen, [input], (gradient) => [gemm(graph, gradient, weight, input.shape)])
  }
  const { a, b, scale } = adapter
  const [rank = 1] = a.shape
  const reduced = gemm(graph, input, a, [rows, rank], { transposeRight: true })
  const output = gemm(graph, reduced, b, [rows, outputs], { transposeRight: true, scale, addend: frozen })
  return graph.differentiate(output, [input, a, b], (gradient) => {
    const reducedGradient = gemm(graph, gradient, b, [rows, rank], { scale })
    const inputGradient = input.differentiable
      ? gemm(graph, reducedGradient, a, input.shape, { addend: gemm(graph, gradient, weight, input.shape) })
      : undefined
    return [
      inputGradient,
      gemm(graph, reducedGradient, input, a.shape, { transposeLeft: true }),
      gemm(graph, gradient, reduced, b.shape, { transposeLeft: true, scale }),
    ]
  })
}
