import type { Graph, Value } from '../graph.ts'

/** `left + right`, both of the same shape. */
export function add(graph: Graph, left: Value, right: Value): Value {
  const output = graph.node('Add', [left, right], left.shape)
  return graph.differentiate(output, [left, right], (gradient) => [gradient, gradient])
}
