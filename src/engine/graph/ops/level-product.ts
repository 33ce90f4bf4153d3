import type { Arithmetic } from '../../../core/arithmetic.ts'
import type { Graph, Value } from '../graph.ts'
import { gemm } from './gemm.ts'
import { reshapeNode } from './reshape.ts'

/** A frozen matrix of `[outputs, inputs]` as levels of four bits; with a high part, of eight. See `cachedLevels`. */
export interface LevelWeights {
  readonly outputs: number
  readonly inputs: number
  /** `[outputs, inputs / 32, 16]`, uint8: two levels a byte. */
  readonly low: Value
  /** `[outputs, inputs / 32]` */
  readonly scales: Value
  /** `[outputs, inputs / 32]`: what is added to each number of a group beside `scale · (level − 8)`. */
  readonly offsets: Value
  readonly high?: { readonly levels: Value; readonly scales: Value } | undefined
}

/**
 * `x Wᵀ` with the matrix's own levels: a fifth of the memory that fp32 numbers take, and it is memory that a product of one
 * row waits for. The offsets are put back as their product with the groups' sums.
 *
 * @param input `[rows, inputs]`
 * @returns `[rows, outputs]`; not differentiated
 */
export function levelProduct(
  graph: Graph,
  input: Value,
  { outputs, inputs, low, scales, offsets, high }: LevelWeights,
  arithmetic: Arithmetic,
): Value {
  const shape = [input.shape[0] ?? 1, outputs]
  const groups = Number(scales.shape[1])
  const product = (levels: Value, factors: Value): Value =>
    graph.node('MatMulNBits', [input, levels, factors], shape, {
      domain: 'com.microsoft',
      attributes: {
        K: inputs,
        N: outputs,
        bits: 4,
        block_size: inputs / groups,
        accuracy_level: arithmetic === 'int8' ? 4 : 1,
      },
    })
  const whole = gemm(graph, groupSums(graph, input, groups), offsets, shape, {
    transposeRight: true,
    addend: product(low, scales),
  })
  return high === undefined ? whole : graph.node('Add', [whole, product(high.levels, high.scales)], shape)
}

/** Sums of neighbours: `[rows, width] → [rows, groups]`. */
function groupSums(graph: Graph, input: Value, groups: number): Value {
  const [rows = 1, width = 1] = input.shape
  const split = reshapeNode(graph, input, [rows, groups, Number(width) / groups])
  return graph.node('ReduceSum', [split, graph.integers([2])], [rows, groups], {
    attributes: { keepdims: 0 },
  })
}
