import type { Graph, Value } from '../graph.ts'

/** `factor · input` */
export function scale(graph: Graph, input: Value, factor: number): Value {
  const times = (value: Value): Value => graph.node('Mul', [value, graph.scalar(factor)], input.shape)
  return graph.differentiate(times(input), [input], (gradient) => [times(gradient)])
}
