import type { Graph, Value } from '../graph.ts'

/** Adds a constant mask that is repeated over the leading axes; the mask has no gradient. */
export function addMask(graph: Graph, input: Value, mask: Value): Value {
  const output = graph.node('Add', [input, mask], input.shape)
  return graph.differentiate(output, [input], (gradient) => [gradient])
}
