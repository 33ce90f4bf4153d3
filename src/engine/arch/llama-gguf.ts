import { ggufHeadSize, ggufMapping, type GgufMapping } from './gguf-mapping.ts'
import { linearScaling, pairFactors } from './gguf-rotation.ts'

const frequencyFactors = 'rope_freqs.weight'

/** GGUF files of `general.architecture` "llama": Llama 1 to 3, SmolLM2, TinyLlama, Mistral and others of that shape. */
export const llamaGguf: GgufMapping = ggufMapping({
  architecture: 'llama',
  huggingFaceName: 'LlamaForCausalLM',
  modelType: 'llama',
  isInterleaved: true,
  settings: [frequencyFactors],

  fields(read, { names, settings }) {
    const factors = settings.get(frequencyFactors)
    return {
      head_dim:
        read.optional('attention.key_length') ?? read.optional('rope.dimension_count') ?? ggufHeadSize(read),
      hidden_act: 'silu',
      rope_interleaved: false,
      attention_bias: names.has('blk.0.attn_q.bias'),
      mlp_bias: names.has('blk.0.ffn_gate.bias'),
      // The file holds what Llama 3's scaling comes to, a factor for each pair of elements.
      ...(factors === undefined ? {} : { rope_scaling: scalingOf(factors, read.number('context_length')) }),
    }
  },

  written({ rotations: [rotation] }) {
    if (rotation === undefined) return {}
    const factors = pairFactors(rotation)
    const isUneven = factors.some((factor) => Math.abs(factor / (factors[0] ?? 1) - 1) > 1e-6)
    return isUneven ? { tensors: { [frequencyFactors]: factors } } : linearScaling(rotation)
  },
})

function scalingOf(factors: readonly number[], contextLength: number): Record<string, unknown> {
  return {
    rope_type: 'longrope',
    short_factor: factors,
    long_factor: factors,
    factor: 1,
    original_max_position_embeddings: contextLength,
  }
}
