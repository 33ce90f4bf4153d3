import type { Dimension, Graph, Value } from '../graph.ts'

/** Joins tensors along an axis; all other sizes are equal. `size` names the joined dimension. */
export function concat(graph: Graph, inputs: readonly Value[], axis: number, size: Dimension): Value {
  const [first] = inputs
  if (first === undefined) throw new Error('nothing to join')
  if (inputs.length === 1) return first
  const output = graph.node('Concat', inputs, first.shape.with(axis, size), { attributes: { axis } })
  return graph.differentiate(output, inputs, (gradient) => {
    const lengths = graph.sizes(inputs.map((input) => input.shape[axis] ?? 1))
    const shapes = inputs.map((input) => input.shape)
    return graph.multiple('Split', [gradient, lengths], shapes, { attributes: { axis } })
  })
}
