import type { Graph, Shape, Value } from '../graph.ts'

export interface MatmulOptions {
  /** Use the left operand with its last two axes swapped. */
  readonly transposeLeft?: boolean
  readonly transposeRight?: boolean
  /** The product is multiplied by this number; default 1. */
  readonly scale?: number
}

/**
 * Batched matrix product of two tensors with equal leading axes: `[..., n, k] · [..., k, m] → [..., n, m]`.
 *
 * Where an axis may be empty: the product is right for `k` = 0 when neither operand is transposed, and gradients for `m` = 0
 * when the right one is. That is attention over a segment that holds nothing. Elsewhere a sum over nothing meets a
 * transposed operand, for which the runtime (1.30, CPU) zeroes the first matrix of the batch and leaves the others undefined.
 */
export function matmul(graph: Graph, left: Value, right: Value, options: MatmulOptions = {}): Value {
  const { transposeLeft = false, transposeRight = false, scale = 1 } = options
  const batch = left.shape.slice(0, -2)
  const rows = left.shape.at(transposeLeft ? -1 : -2) ?? 1
  const columns = right.shape.at(transposeRight ? -2 : -1) ?? 1
  const output = product(graph, left, right, [...batch, rows, columns], transposeLeft, transposeRight, scale)
  return graph.differentiate(output, [left, right], (gradient) => [
    left.differentiable
      ? transposeLeft
        ? product(graph, right, gradient, left.shape, transposeRight, true, scale)
        : product(graph, gradient, right, left.shape, false, !transposeRight, scale)
      : undefined,
    right.differentiable
      ? transposeRight
        ? product(graph, gradient, left, right.shape, true, transposeLeft, scale)
        : product(graph, left, gradient, right.shape, !transposeLeft, false, scale)
      : undefined,
  ])
}

function product(
  graph: Graph,
  left: Value,
  right: Value,
  shape: Shape,
  transposeLeft: boolean,
  transposeRight: boolean,
  scale: number,
): Value {
  return graph.node('FusedMatMul', [left, right], shape, {
    domain: 'com.microsoft',
    attributes: { transA: Number(transposeLeft), transB: Number(transposeRight), alpha: { float: scale } },
  })
}
