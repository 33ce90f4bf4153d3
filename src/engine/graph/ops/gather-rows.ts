import type { Graph, Value } from '../graph.ts'
import { reshapeNode } from './reshape.ts'

/**
 * Rows of a matrix by index; an index may occur more than once.
 *
 * @param input `[rows, width]`
 * @param indices `[count]`, int64
 * @returns `[count, width]`
 */
export function gatherRows(graph: Graph, input: Value, indices: Value): Value {
  const [count = 1] = indices.shape
  const [, width = 1] = input.shape
  const output = graph.node('Gather', [input, indices], [count, width], { attributes: { axis: 0 } })
  return graph.differentiate(output, [input], (gradient) => {
    const size = graph.node('Shape', [input], [2], { type: 'int64' })
    const zeros = graph.node('ConstantOfShape', [size], input.shape, { type: 'float32' })
    const places = reshapeNode(graph, indices, [count, 1])
    return [
      graph.node('ScatterND', [zeros, places, gradient], input.shape, { attributes: { reduction: 'add' } }),
    ]
  })
}
