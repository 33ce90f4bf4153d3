import type { Graph, Value } from '../graph.ts'

/** Softmax over the last axis. */
export function softmax(graph: Graph, input: Value): Value {
  const output = graph.node('Softmax', [input], input.shape, { attributes: { axis: -1 } })
  return graph.differentiate(output, [input], (gradient) => {
    const weighted = graph.node('Mul', [gradient, output], input.shape)
    const total = graph.node(
      'ReduceSum',
      [weighted, graph.integers([-1])],
      input.shape.with(input.shape.length - 1, 1),
    )
    const centred = graph.node('Mul', [output, total], input.shape)
    return [graph.node('Sub', [weighted, centred], input.shape)]
  })
}
