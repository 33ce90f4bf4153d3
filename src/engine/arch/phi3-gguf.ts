import { ggufHeadSize, ggufMapping, type GgufMapping } from './gguf-mapping.ts'
import { linearScaling, pairFactors } from './gguf-rotation.ts'

const shortFactors = 'rope_factors_short.weight'
const longFactors = 'rope_factors_long.weight'

/** GGUF files of `general.architecture` "phi3". */
export const phi3Gguf: GgufMapping = ggufMapping({
  architecture: 'phi3',
  huggingFaceName: 'Phi3ForCausalLM',
  modelType: 'phi3',
  modules: { 'self_attn.qkv_proj': 'attn_qkv', 'mlp.gate_up_proj': 'ffn_up' },
  settings: [shortFactors, longFactors],

  fields(read, { settings }) {
    const [short, long] = [settings.get(shortFactors), settings.get(longFactors)]
    const headSize = ggufHeadSize(read)
    const window = read.optional('attention.sliding_window') ?? 0
    return {
      hidden_act: 'silu',
      partial_rotary_factor: (read.optional('rope.dimension_count') ?? headSize) / headSize,
      original_max_position_embeddings:
        read.optional('rope.scaling.original_context_length') ?? read.number('context_length'),
      sliding_window: window === 0 ? null : window,
      ...(short === undefined || long === undefined
        ? {}
        : {
            rope_scaling: {
              rope_type: 'longrope',
              short_factor: short,
              long_factor: long,
              attention_factor: read.optional('rope.scaling.attn_factor') ?? null,
            },
          }),
    }
  },

  written({ attention, rotations: [rotation] }) {
    const window = attention[0]?.window ?? null
    const counts = window === null ? {} : { 'attention.sliding_window': window }
    const long = rotation?.long
    if (rotation === undefined || long === undefined)
      return { ...(rotation && linearScaling(rotation)), counts }
    return {
      counts: { ...counts, 'rope.scaling.original_context_length': long.beyond },
      floats: { 'rope.scaling.attn_factor': rotation.magnitude },
      tensors: {
        [shortFactors]: pairFactors(rotation),
        [longFactors]: pairFactors(rotation, long.frequencies),
      },
    }
  },
})
