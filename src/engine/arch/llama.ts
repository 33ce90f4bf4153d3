import { add } from '../graph/ops/add.ts'
import { gatedSilu } from '../graph/ops/gated-silu.ts'
import { gatherRows } from '../graph/ops/gather-rows.ts'
import { rmsNorm } from '../graph/ops/rms-norm.ts'
import type { Value } from '../graph/graph.ts'
import type { Architecture, LayerContext, ModelConfig, TensorSpec } from './architecture.ts'
import { ConfigReader } from './config-reader.ts'
import { llamaGguf } from './llama-gguf.ts'

const attentionModules = ['q_proj', 'k_proj', 'v_proj', 'o_proj']
const feedForwardModules = ['gate_proj', 'up_proj', 'down_proj']

const moduleName = (layer: number, module: string): string =>
  `model.layers.${layer}.${attentionModules.includes(module) ? 'self_attn' : 'mlp'}.${module}`

/**
 * Llama: pre-normalised decoder with rotary positions, grouped-query attention and SwiGLU.
 * Touvron et al. 2023, https://arxiv.org/abs/2302.13971
 */
export const llama: Architecture = {
  name: 'llama',
  huggingFaceNames: ['LlamaForCausalLM'],
  gguf: llamaGguf,
  linearModules: [...attentionModules, ...feedForwardModules],
  moduleName,

  config(json) {
    const read = new ConfigReader(json, 'llama')
    read.refuseUnless('hidden_act', 'silu')
    read.refuseUnless('attention_bias', false)
    read.refuseUnless('mlp_bias', false)
    read.refuseUnless('rope_scaling', null)
    const heads = read.count('num_attention_heads')
    const hiddenSize = read.count('hidden_size')
    return {
      architecture: 'llama',
      vocabularySize: read.count('vocab_size'),
      hiddenSize,
      intermediateSize: read.count('intermediate_size'),
      layers: read.count('num_hidden_layers'),
      heads,
      keyValueHeads: read.count('num_key_value_heads', heads),
      headSize: read.count('head_dim', hiddenSize / heads),
      contextLength: read.count('max_position_embeddings'),
      normEpsilon: read.number('rms_norm_eps', 1e-6),
      ropeTheta: read.ropeTheta(10_000),
      tiedEmbeddings: read.flag('tie_word_embeddings', false),
    }
  },

  tensors(config) {
    const { hiddenSize, intermediateSize, vocabularySize, layers } = config
    const queryWidth = config.heads * config.headSize
    const keyWidth = config.keyValueHeads * config.headSize
    const shapes: Record<string, readonly number[]> = {
      q_proj: [queryWidth, hiddenSize],
      k_proj: [keyWidth, hiddenSize],
      v_proj: [keyWidth, hiddenSize],
      o_proj: [hiddenSize, queryWidth],
      gate_proj: [intermediateSize, hiddenSize],
      up_proj: [intermediateSize, hiddenSize],
      down_proj: [hiddenSize, intermediateSize],
    }
    const specs: TensorSpec[] = [
      { name: 'model.embed_tokens.weight', shape: [vocabularySize, hiddenSize] },
      { name: 'model.norm.weight', shape: [hiddenSize] },
    ]
    if (!config.tiedEmbeddings) specs.push({ name: 'lm_head.weight', shape: [vocabularySize, hiddenSize] })
    for (let layer = 0; layer < layers; layer++) {
      for (const [module, shape] of Object.entries(shapes)) {
        specs.push({ name: `${moduleName(layer, module)}.weight`, shape })
      }
      specs.push({ name: `model.layers.${layer}.input_layernorm.weight`, shape: [hiddenSize] })
      specs.push({ name: `model.layers.${layer}.post_attention_layernorm.weight`, shape: [hiddenSize] })
    }
    return specs
  },

  rotaryFrequencies({ headSize, ropeTheta }) {
    return Float64Array.from({ length: headSize / 2 }, (_, pair) => ropeTheta ** ((-2 * pair) / headSize))
  },

  embed({ graph, weight }, _config, tokens) {
    return gatherRows(graph, weight('model.embed_tokens.weight'), tokens)
  },

  layers(context, config, embedded) {
    let hidden = embedded
    for (let layer = 0; layer < config.layers; layer++) hidden = decoderLayer(context, config, layer, hidden)
    return hidden
  },

  finalNorm({ graph, weight }, config, hidden) {
    return rmsNorm(graph, hidden, weight('model.norm.weight'), config.normEpsilon)
  },

  projection: (config) => (config.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight'),
}

function decoderLayer(context: LayerContext, config: ModelConfig, layer: number, hidden: Value): Value {
  const { graph, linears, rotate, attend, wanted } = context
  const norm = (input: Value, name: string): Value =>
    rmsNorm(graph, input, context.weight(`model.layers.${layer}.${name}.weight`), config.normEpsilon)
  const module = (name: string): string => moduleName(layer, name)
  const kept = (rows: Value): Value => (layer === config.layers - 1 ? wanted(rows) : rows)

  const [queries, keys, values] = linears(norm(hidden, 'input_layernorm'), [
    module('q_proj'),
    module('k_proj'),
    module('v_proj'),
  ])
  const rotatedQueries = rotate(queries, config.heads)
  const rotatedKeys = rotate(keys, config.keyValueHeads)
  const attended = attend(layer, rotatedQueries, rotatedKeys, values)
  const [attentionOutput] = linears(kept(attended), [module('o_proj')])
  const afterAttention = add(graph, kept(hidden), attentionOutput)

  const [gate, up] = linears(norm(afterAttention, 'post_attention_layernorm'), [
    module('gate_proj'),
    module('up_proj'),
  ])
  const [output] = linears(gatedSilu(graph, gate, up), [module('down_proj')])
  return add(graph, afterAttention, output)
}
