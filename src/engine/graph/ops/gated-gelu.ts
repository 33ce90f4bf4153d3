import type { Graph, Value } from '../graph.ts'

const cubic = 0.044715

/**
 * `gelu(gate) · up`, the activation of GeGLU, with the approximation
 * `gelu(x) = ½ x (1 + tanh u)`, `u = √(2/π) (x + 0.044715 x³)`. Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415;
 * Shazeer 2020, https://arxiv.org/abs/2002.05202
 */
export function gatedGelu(graph: Graph, gate: Value, up: Value): Value {
  const { shape } = gate
  const multiply = (left: Value, right: Value): Value => graph.node('Mul', [left, right], shape)
  const times = (factor: number, value: Value): Value => multiply(value, graph.scalar(factor))
  const plus = (value: Value, addend: Value): Value => graph.node('Add', [value, addend], shape)
  const activated = graph.node('Gelu', [gate], shape, { attributes: { approximate: 'tanh' } })
  const output = multiply(activated, up)
  return graph.differentiate(output, [gate, up], (gradient) => {
    // gelu' = ½ (1 + t) + ½ x (1 − t²) u', t = tanh u, u' = √(2/π) (1 + 3 · 0.044715 x²)
    const rate = Math.sqrt(2 / Math.PI)
    const square = multiply(gate, gate)
    const inner = multiply(gate, plus(times(rate * cubic, square), graph.scalar(rate)))
    const tanh = graph.node('Tanh', [inner], shape)
    const steepness = graph.node('Sub', [graph.scalar(1), multiply(tanh, tanh)], shape)
    const innerSlope = plus(times(3 * rate * cubic, square), graph.scalar(rate))
    const bend = multiply(multiply(gate, steepness), innerSlope)
    const slope = times(0.5, plus(plus(tanh, bend), graph.scalar(1)))
    return [multiply(multiply(gradient, up), slope), multiply(gradient, activated)]
  })
}
