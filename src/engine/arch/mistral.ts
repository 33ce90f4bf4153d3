import type { Architecture } from './architecture.ts'
import { decoder } from './decoder.ts'
import { feedForwardModules, swiGlu } from './feed-forward.ts'
import { attentionModules, groupedAttention } from './grouped-attention.ts'
import { llamaGguf } from './llama-gguf.ts'
import { preNormLayer, preNorms } from './pre-norm-layer.ts'
import { readDimensions, sameRotation } from './read-dimensions.ts'

/** Mistral: Llama whose layers see a sliding window. Jiang et al. 2023, https://arxiv.org/abs/2310.06825 */
export const mistral: Architecture = decoder({
  name: 'mistral',
  huggingFaceNames: ['MistralForCausalLM'],
  gguf: llamaGguf,
  modules: { ...attentionModules, ...feedForwardModules },
  norms: preNorms,
  layer: preNormLayer(groupedAttention, swiGlu),

  config(read) {
    read.refuseUnless('hidden_act', 'silu')
    const dimensions = readDimensions(read, 'mistral')
    const window = read.has('sliding_window') ? read.count('sliding_window') : null
    return { ...dimensions, ...sameRotation(read, dimensions, () => window), biasedModules: [] }
  },
})
