import type { Graph, Value } from '../graph.ts'

/**
 * `silu(gate) · up` with `silu(x) = x · σ(x)`: the activation of SwiGLU.
 * Shazeer 2020, https://arxiv.org/abs/2002.05202
 */
export function gatedSilu(graph: Graph, gate: Value, up: Value): Value {
  const { shape } = gate
  const multiply = (left: Value, right: Value): Value => graph.node('Mul', [left, right], shape)
  // QuickGelu is x · σ(alpha · x).
  const activated = graph.node('QuickGelu', [gate], shape, {
    domain: 'com.microsoft',
    attributes: { alpha: { float: 1 } },
  })
  const output = multiply(activated, up)
  return graph.differentiate(output, [gate, up], (gradient) => {
    // silu' = σ(x) · (1 + x − silu(x))
    const sigmoid = graph.node('Sigmoid', [gate], shape)
    const rest = graph.node('Sub', [gate, activated], shape)
    const slope = multiply(sigmoid, graph.node('Add', [rest, graph.scalar(1)], shape))
    return [multiply(multiply(gradient, up), slope), multiply(gradient, activated)]
  })
}
