import { HoneError } from '../../core/errors.ts'
import { shortestFloat } from '../../lib/shortest-float.ts'
import type { GgufMapping } from './architecture.ts'

/** Tensor names outside the layers, Hugging Face to GGUF (`MODEL_TENSORS` of llama.cpp's gguf-py). */
const modelTensors: Readonly<Record<string, string>> = {
  'model.embed_tokens.weight': 'token_embd.weight',
  'model.norm.weight': 'output_norm.weight',
  'lm_head.weight': 'output.weight',
}

const layerTensors: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  post_attention_layernorm: 'ffn_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
}

const layerPattern = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/
const rotaryPattern = /\.self_attn\.([qk])_proj\.(?:weight|bias)$/

/** GGUF files of `general.architecture` "llama": Llama 2 and 3, SmolLM2, TinyLlama and others of that shape. */
export const llamaGguf: GgufMapping = {
  architecture: 'llama',

  config(metadata) {
    const number = (key: string): number => requireNumber(metadata, `llama.${key}`)
    const optional = (key: string): number | undefined =>
      metadata.has(`llama.${key}`) ? number(key) : undefined
    const experts = optional('expert_count') ?? 0
    if (experts > 0) {
      throw new HoneError('E_MODEL_UNSUPPORTED', `a mixture of ${experts} experts is not supported`)
    }
    const heads = number('attention.head_count')
    const headSize =
      optional('attention.key_length') ??
      optional('rope.dimension_count') ??
      number('embedding_length') / heads
    const scaling = ropeScaling(metadata)
    return {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      vocab_size: optional('vocab_size') ?? tokenCount(metadata),
      hidden_size: number('embedding_length'),
      intermediate_size: number('feed_forward_length'),
      num_hidden_layers: number('block_count'),
      num_attention_heads: heads,
      num_key_value_heads: optional('attention.head_count_kv') ?? heads,
      head_dim: headSize,
      hidden_act: 'silu',
      max_position_embeddings: number('context_length'),
      rms_norm_eps: shortestFloat(number('attention.layer_norm_rms_epsilon')),
      rope_theta: shortestFloat(optional('rope.freq_base') ?? 10_000),
      rope_interleaved: false,
      rope_scaling: scaling,
      attention_bias: false,
      mlp_bias: false,
      ...tokenIds(metadata),
    }
  },

  tensorName(name) {
    const outside = modelTensors[name]
    if (outside !== undefined) return outside
    const [, layer, part, kind] = layerPattern.exec(name) ?? []
    const inLayer = part === undefined ? undefined : layerTensors[part]
    if (inLayer !== undefined) return `blk.${layer}.${inLayer}.${kind}`
    throw new HoneError('E_INTERNAL', `the tensor "${name}" has no name in GGUF files of llama models`)
  },

  interleavedHeads(name, config) {
    const projection = rotaryPattern.exec(name)?.[1]
    if (projection === undefined) return undefined
    return projection === 'q' ? config.heads : config.keyValueHeads
  },
}

function requireNumber(metadata: ReadonlyMap<string, unknown>, key: string): number {
  const value = metadata.get(key)
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (value === undefined) throw new HoneError('E_MODEL_FILE', `the metadata "${key}" is missing`)
  if (typeof value === 'object') {
    throw new HoneError('E_MODEL_UNSUPPORTED', `the metadata "${key}" differs from layer to layer`)
  }
  throw new HoneError('E_MODEL_FILE', `the metadata "${key}" is not a number`)
}

function tokenCount(metadata: ReadonlyMap<string, unknown>): number {
  const tokens = metadata.get('tokenizer.ggml.tokens')
  if (Array.isArray(tokens)) return tokens.length
  throw new HoneError(
    'E_MODEL_FILE',
    'the metadata has neither "llama.vocab_size" nor "tokenizer.ggml.tokens"',
  )
}

/** Position scaling in Hugging Face terms, null for none. */
function ropeScaling(metadata: ReadonlyMap<string, unknown>): Record<string, unknown> | null {
  const type = metadata.get('llama.rope.scaling.type') ?? 'none'
  if (type === 'none') return null
  return {
    rope_type: type,
    factor: metadata.get('llama.rope.scaling.factor') ?? null,
    original_max_position_embeddings: metadata.get('llama.rope.scaling.original_context_length') ?? null,
  }
}

function tokenIds(metadata: ReadonlyMap<string, unknown>): Record<string, number> {
  const names = { bos_token_id: 'bos', eos_token_id: 'eos', pad_token_id: 'padding' }
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, key]) => {
      const id = metadata.get(`tokenizer.ggml.${key}_token_id`)
      return typeof id === 'number' ? [[name, id]] : []
    }),
  )
}
