import type { Value } from '../graph/graph.ts'
import { gatedGelu } from '../graph/ops/gated-gelu.ts'
import { gatedSilu } from '../graph/ops/gated-silu.ts'
import type { LinearModule } from './decoder.ts'
import type { DecoderLayer } from './decoder-layer.ts'

export const downModule: LinearModule = {
  parent: 'mlp',
  shape: ({ hiddenSize, intermediateSize }) => [hiddenSize, intermediateSize],
}

const upModule: LinearModule = {
  parent: 'mlp',
  shape: ({ hiddenSize, intermediateSize }) => [intermediateSize, hiddenSize],
}

/** A module each for gate, up and down. */
export const feedForwardModules: Readonly<Record<'gate_proj' | 'up_proj' | 'down_proj', LinearModule>> = {
  gate_proj: upModule,
  up_proj: upModule,
  down_proj: downModule,
}

/** `W_down (silu(W_gate x) · W_up x)`. Shazeer 2020, https://arxiv.org/abs/2002.05202 */
export function swiGlu(at: DecoderLayer, input: Value): Value {
  const [gate, up] = at.linears(input, ['gate_proj', 'up_proj'])
  return at.linears(gatedSilu(at.graph, gate, up), ['down_proj'])[0]
}

/** `W_down (gelu(W_gate x) · W_up x)`, the same paper. */
export function geGlu(at: DecoderLayer, input: Value): Value {
  const [gate, up] = at.linears(input, ['gate_proj', 'up_proj'])
  return at.linears(gatedGelu(at.graph, gate, up), ['down_proj'])[0]
}
