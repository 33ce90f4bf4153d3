import type { Graph, Value } from '../graph.ts'

/** Reorders the axes: axis `i` of the output is axis `order[i]` of the input. */
export function transpose(graph: Graph, input: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => input.shape[axis] ?? 1)
  const output = graph.node('Transpose', [input], shape, { attributes: { perm: order } })
  const inverse = order.map((_, axis) => order.indexOf(axis))
  return graph.differentiate(output, [input], (gradient) => [transpose(graph, gradient, inverse)])
}
