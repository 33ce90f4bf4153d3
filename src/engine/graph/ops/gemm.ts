import type { Graph, Shape, Value } from '../graph.ts'

export interface GemmOptions {
  readonly transposeLeft?: boolean
  readonly transposeRight?: boolean
  /** Factor of the product; default 1. */
  readonly scale?: number
  /** Added to the product; of the output's shape, or of one that is repeated to it. */
  readonly addend?: Value | undefined
}

/**
 * `scale · left · right + addend` on matrices, without a gradient of its own: the building block of the linear operations.
 */
export function gemm(
  graph: Graph,
  left: Value,
  right: Value,
  shape: Shape,
  options: GemmOptions = {},
): Value {
  const inputs = options.addend === undefined ? [left, right] : [left, right, options.addend]
  return graph.node('Gemm', inputs, shape, {
    attributes: {
      transA: Number(options.transposeLeft ?? false),
      transB: Number(options.transposeRight ?? false),
      alpha: { float: options.scale ?? 1 },
    },
  })
}
