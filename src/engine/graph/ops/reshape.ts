import type { Graph, Shape, Value } from '../graph.ts'

/** The same elements in row-major order under another shape. */
export function reshape(graph: Graph, input: Value, shape: Shape): Value {
  const output = reshapeNode(graph, input, shape)
  return graph.differentiate(output, [input], (gradient) => [reshapeNode(graph, gradient, input.shape)])
}

/** The node alone, for the backward passes of other operations. */
export function reshapeNode(graph: Graph, input: Value, shape: Shape): Value {
  const { type } = input
  if (shape.filter((dimension) => typeof dimension === 'string').length === 1) {
    const sizes = graph.integers(shape.map((dimension) => (typeof dimension === 'number' ? dimension : -1)))
    return graph.node('Reshape', [input, sizes], shape, { type })
  }
  // A size of 0 means an empty dimension here, not "as in the input".
  return graph.node('Reshape', [input, graph.sizes(shape)], shape, { type, attributes: { allowzero: 1 } })
}
