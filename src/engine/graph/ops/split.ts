import type { Dimension, Graph, Value } from '../graph.ts'

/** Cuts a tensor along an axis into parts of the given sizes: numbers, or dimensions that inputs define. */
export function split(graph: Graph, input: Value, axis: number, sizes: readonly Dimension[]): Value[] {
  if (sizes.length === 1) return [input]
  const shapes = sizes.map((size) => input.shape.with(axis, size))
  const outputs = graph.multiple('Split', [input, graph.sizes(sizes)], shapes, { attributes: { axis } })
  graph.differentiateTogether(outputs, [input], (gradients) => {
    const parts = gradients.map((gradient, index) => gradient ?? zerosLike(graph, outputs[index] as Value))
    return [graph.node('Concat', parts, input.shape, { attributes: { axis } })]
  })
  return outputs
}

function zerosLike(graph: Graph, value: Value): Value {
  return graph.node('Mul', [value, graph.scalar(0)], value.shape)
}
