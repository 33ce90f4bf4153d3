import type { Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { rmsNorm } from '../graph/ops/rms-norm.ts'
import { scale } from '../graph/ops/scale.ts'
import { shift } from '../graph/ops/shift.ts'
import type { Architecture, LayerAttention } from './architecture.ts'
import type { ConfigReader } from './config-reader.ts'
import { decoder } from './decoder.ts'
import type { DecoderLayer } from './decoder-layer.ts'
import { feedForwardModules, geGlu } from './feed-forward.ts'
import { gemma3Gguf } from './gemma3-gguf.ts'
import { attentionModules, normedAttention } from './grouped-attention.ts'
import { readDimensions, type Dimensions } from './read-dimensions.ts'
import { plainRotation, readRotaryScheme, type RotaryScheme } from './rotary-scheme.ts'

const layerTypes = ['sliding_attention', 'full_attention'] as const
type LayerType = (typeof layerTypes)[number]
const defaultThetas = { sliding_attention: 10_000, full_attention: 1_000_000 }

/**
 * Gemma 3, text: norms before and after each block, norms of each query and key head, GeGLU, and layers that take turns
 * between a sliding window and the whole context. Gemma Team 2025, https://arxiv.org/abs/2503.19786
 */
export const gemma3: Architecture = decoder({
  name: 'gemma3',
  huggingFaceNames: ['Gemma3ForCausalLM'],
  gguf: gemma3Gguf,
  modules: { ...attentionModules, ...feedForwardModules },
  norms: {
    input_layernorm: 'hidden',
    post_attention_layernorm: 'hidden',
    pre_feedforward_layernorm: 'hidden',
    post_feedforward_layernorm: 'hidden',
    'self_attn.q_norm': 'head',
    'self_attn.k_norm': 'head',
  },
  // The weight is stored as its distance from 1.
  norm: (graph, input, weight, epsilon) => rmsNorm(graph, input, shift(graph, weight, 1), epsilon),
  embed: (rows, { graph }, { hiddenSize }) => scale(graph, rows, Math.sqrt(hiddenSize)),

  layer(at: DecoderLayer, hidden: Value): Value {
    const attended = normedAttention(at, at.norm(hidden, 'input_layernorm'))
    const middle = add(at.graph, at.wanted(hidden), at.norm(attended, 'post_attention_layernorm'))
    const output = geGlu(at, at.norm(middle, 'pre_feedforward_layernorm'))
    return add(at.graph, middle, at.norm(output, 'post_feedforward_layernorm'))
  },

  config(read) {
    read.refuseUnless('hidden_activation', 'gelu_pytorch_tanh')
    read.refuseUnless('attn_logit_softcapping', null)
    read.refuseUnless('final_logit_softcapping', null)
    read.refuseUnless('use_bidirectional_attention', false)
    const dimensions = readDimensions(read, 'gemma3', { headSize: 256, tiedEmbeddings: true })
    const window = read.count('sliding_window', 4096)
    const attention = readLayerTypes(read, dimensions.layers).map((type): LayerAttention => ({
      window: type === 'sliding_attention' ? window : null,
      rotation: layerTypes.indexOf(type),
    }))
    return {
      ...dimensions,
      attentionScale: 1 / Math.sqrt(read.number('query_pre_attn_scalar', 256)),
      rotations: layerTypes.map((type) => rotationOf(read, type, dimensions)),
      attention,
      biasedModules: read.flag('attention_bias', false) ? Object.keys(attentionModules) : [],
    }
  },
})

function readLayerTypes(read: ConfigReader, layers: number): readonly LayerType[] {
  const types = read.choices('layer_types', layerTypes, layers)
  if (types !== undefined) return types
  const period = read.count('sliding_window_pattern', 6)
  return Array.from({ length: layers }, (_, layer) => layerTypes[(layer + 1) % period === 0 ? 1 : 0])
}

/** `rope_parameters` of each type of layer, or the older fields, of which the scaling is that of the global layers. */
function rotationOf(
  read: ConfigReader,
  type: LayerType,
  { headSize, contextLength }: Dimensions,
): RotaryScheme {
  const own = read.inside('rope_parameters')?.inside(type)
  const options = { headSize, contextLength, theta: defaultThetas[type] }
  if (own !== undefined) return readRotaryScheme(own, options, own)
  if (type === 'full_attention') return readRotaryScheme(read, options, read.inside('rope_scaling') ?? read)
  return plainRotation(headSize, read.number('rope_local_base_freq', defaultThetas[type]))
}
