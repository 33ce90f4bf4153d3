import type { Value } from '../graph/graph.ts'
import { gatedSilu } from '../graph/ops/gated-silu.ts'
import { split } from '../graph/ops/split.ts'
import type { Architecture } from './architecture.ts'
import { decoder } from './decoder.ts'
import type { DecoderLayer } from './decoder-layer.ts'
import { downModule } from './feed-forward.ts'
import { attentionOutput, keyWidth, outputModule, queryWidth } from './grouped-attention.ts'
import { phi3Gguf } from './phi3-gguf.ts'
import { preNormLayer, preNorms } from './pre-norm-layer.ts'
import { readDimensions, sameRotation } from './read-dimensions.ts'

/**
 * Phi-3, Phi-3.5 and Phi-4-mini: Llama with fused projections, LongRoPE and partly rotated heads.
 * Abdin et al. 2024, https://arxiv.org/abs/2404.14219
 */
export const phi3: Architecture = decoder({
  name: 'phi3',
  huggingFaceNames: ['Phi3ForCausalLM'],
  gguf: phi3Gguf,
  modules: {
    qkv_proj: {
      parent: 'self_attn',
      shape: (config) => [queryWidth(config) + 2 * keyWidth(config), config.hiddenSize],
    },
    o_proj: outputModule,
    gate_up_proj: {
      parent: 'mlp',
      shape: ({ hiddenSize, intermediateSize }) => [2 * intermediateSize, hiddenSize],
    },
    down_proj: downModule,
  },
  norms: preNorms,
  layer: preNormLayer(fusedAttention, fusedSwiGlu),

  config(read) {
    read.refuseUnless('hidden_act', 'silu')
    const dimensions = readDimensions(read, 'phi3', { normEpsilon: 1e-5 })
    const window = read.has('sliding_window') ? read.count('sliding_window') : null
    return {
      ...dimensions,
      ...sameRotation(read, dimensions, () => window, { partial: true }),
      biasedModules: [],
    }
  },
})

function fusedAttention(at: DecoderLayer, input: Value): Value {
  const [fused] = at.linears(input, ['qkv_proj'])
  const widths = [queryWidth(at.config), keyWidth(at.config), keyWidth(at.config)]
  const [queries, keys, values] = split(at.graph, fused, 1, widths) as [Value, Value, Value]
  return attentionOutput(at, at.rotate(queries), at.rotate(keys), values)
}

function fusedSwiGlu(at: DecoderLayer, input: Value): Value {
  const [fused] = at.linears(input, ['gate_up_proj'])
  const { intermediateSize } = at.config
  const [gate, up] = split(at.graph, fused, 1, [intermediateSize, intermediateSize]) as [Value, Value]
  return at.linears(gatedSilu(at.graph, gate, up), ['down_proj'])[0]
}
