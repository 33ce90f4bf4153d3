import type { Graph, Value } from '../graph.ts'
import { gemm } from './gemm.ts'

/** Matrices of several low-rank adapters, one below the other. */
interface StackedPairs {
  /** `[ranks, inputs]` */
  readonly a: Value
  /** `[ranks, outputs]`, scaled. */
  readonly b: Value
  /** `[rows, ranks]`: 1 where the rank is one of the row's adapter, else 0. */
  readonly mask: Value
}

/**
 * `output + (mask ∘ (x Aᵀ)) B`: to each row the part of its own adapter, without a gradient. What is not its own adds exactly
 * nothing. A single product for all adapters reads each of their matrices once, as products of their own would.
 *
 * @param output `[rows, outputs]`
 * @param input `x`, `[rows, inputs]`
 */
export function addLowRank(graph: Graph, output: Value, input: Value, { a, b, mask }: StackedPairs): Value {
  const reduced = gemm(graph, input, a, mask.shape, { transposeRight: true })
  const own = graph.node('Mul', [reduced, mask], mask.shape)
  return gemm(graph, own, b, output.shape, { addend: output })
}
