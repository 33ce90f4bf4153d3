import { ggufHeadSize, ggufMapping, type GgufMapping } from './gguf-mapping.ts'
import { linearScaling } from './gguf-rotation.ts'

// Gemma 3 27B alone scales its scores by the hidden size ÷ heads; llama.cpp tells it by its layers.
const layersOf27B = 62

/** GGUF files of `general.architecture` "gemma3". */
export const gemma3Gguf: GgufMapping = ggufMapping({
  architecture: 'gemma3',
  huggingFaceName: 'Gemma3ForCausalLM',
  modelType: 'gemma3_text',
  modules: {
    post_attention_layernorm: 'post_attention_norm',
    pre_feedforward_layernorm: 'ffn_norm',
    post_feedforward_layernorm: 'post_ffw_norm',
  },
  normOffset: 1,

  fields(read) {
    const headSize = ggufHeadSize(read)
    const window = read.optional('attention.sliding_window')
    const isLargest = read.number('block_count') === layersOf27B
    return {
      head_dim: headSize,
      hidden_activation: 'gelu_pytorch_tanh',
      query_pre_attn_scalar: isLargest
        ? read.number('embedding_length') / read.number('attention.head_count')
        : headSize,
      rope_theta: read.optional('rope.freq_base') ?? 1_000_000,
      rope_local_base_freq: read.optional('rope.freq_base_swa') ?? 10_000,
      sliding_window: window ?? null,
      // Without a window every layer sees the whole context.
      sliding_window_pattern:
        window === undefined ? 1 : (read.optional('attention.sliding_window_pattern') ?? 6),
      attn_logit_softcapping: read.optional('attn_logit_softcapping') ?? null,
      final_logit_softcapping: read.optional('final_logit_softcapping') ?? null,
    }
  },

  written({ attention, rotations: [local, global] }) {
    const { texts, floats } = global === undefined ? {} : linearScaling(global)
    const window = attention.find((layer) => layer.window !== null)?.window
    const period = 1 + attention.findIndex((layer) => layer.window === null)
    return {
      texts: { ...texts },
      counts:
        typeof window === 'number'
          ? { 'attention.sliding_window': window, 'attention.sliding_window_pattern': period }
          : {},
      floats: {
        ...floats,
        'rope.freq_base': global?.base ?? 0,
        'rope.freq_base_swa': local?.base ?? 0,
      },
    }
  },
})
