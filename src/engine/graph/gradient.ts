import type { Graph, Value } from './graph.ts'
import { add } from './ops/add.ts'

/**
 * Appends the backward pass of `output` to the graph: reverse-mode differentiation over the tape.
 * Returns the gradient of each of `inputs`, of the same shape. Nothing is computed for values that lead to none of them.
 *
 * @param outputGradient gradient of what is minimised by `output`; by default `output` is the scalar loss itself.
 * @param onGradient told the whole gradient of each value on the way, from the last one to the first
 */
export function gradients(
  graph: Graph,
  output: Value,
  inputs: readonly Value[],
  outputGradient: Value = graph.scalar(1),
  onGradient?: (value: Value, gradient: Value) => void,
): Value[] {
  const known = new Map<string, Value>([[output.name, outputGradient]])
  // Operations of the backward pass are not differentiated themselves: only what is on the tape now is walked.
  for (const entry of graph.tape.toReversed()) {
    const outputGradients = entry.outputs.map((value) => known.get(value.name))
    if (outputGradients.every((gradient) => gradient === undefined)) continue
    for (const [index, value] of entry.outputs.entries()) {
      const gradient = outputGradients[index]
      if (gradient !== undefined) onGradient?.(value, gradient)
      known.delete(value.name)
    }
    for (const [index, part] of entry.backward(outputGradients).entries()) {
      const operand = entry.inputs[index]
      if (part === undefined || operand === undefined || !operand.differentiable) continue
      const sum = known.get(operand.name)
      known.set(operand.name, sum === undefined ? part : add(graph, sum, part))
    }
  }
  return inputs.map((input) => {
    const gradient = known.get(input.name)
    if (gradient === undefined) throw new Error(`${output.name} does not depend on ${input.name}`)
    return gradient
  })
}
