import type { Architecture } from './architecture.ts'
import { decoder } from './decoder.ts'
import { feedForwardModules, swiGlu } from './feed-forward.ts'
import { attentionModules, groupedAttention } from './grouped-attention.ts'
import { llamaGguf } from './llama-gguf.ts'
import { preNormLayer, preNorms } from './pre-norm-layer.ts'
import { readDimensions, sameRotation } from './read-dimensions.ts'

/**
 * Llama 1 to 3, TinyLlama, SmolLM2: pre-normalised decoder with rotary positions, grouped-query attention and SwiGLU.
 * Touvron et al. 2023, https://arxiv.org/abs/2302.13971
 */
export const llama: Architecture = decoder({
  name: 'llama',
  huggingFaceNames: ['LlamaForCausalLM'],
  gguf: llamaGguf,
  modules: { ...attentionModules, ...feedForwardModules },
  norms: preNorms,
  layer: preNormLayer(groupedAttention, swiGlu),

  config(read) {
    read.refuseUnless('hidden_act', 'silu')
    const dimensions = readDimensions(read, 'llama')
    return {
      ...dimensions,
      ...sameRotation(read, dimensions),
      biasedModules: [
        ...(read.flag('attention_bias', false) ? Object.keys(attentionModules) : []),
        ...(read.flag('mlp_bias', false) ? Object.keys(feedForwardModules) : []),
      ],
    }
  },
})
