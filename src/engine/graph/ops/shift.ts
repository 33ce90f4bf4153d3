import type { Graph, Value } from '../graph.ts'

/** `input + offset` */
export function shift(graph: Graph, input: Value, offset: number): Value {
  const output = graph.node('Add', [input, graph.scalar(offset)], input.shape)
  return graph.differentiate(output, [input], (gradient) => [gradient])
}
