import type { Architecture } from './architecture.ts'
import { decoder } from './decoder.ts'
import { feedForwardModules, swiGlu } from './feed-forward.ts'
import { attentionModules, groupedAttention } from './grouped-attention.ts'
import { layerWindows } from './layer-windows.ts'
import { preNormLayer, preNorms } from './pre-norm-layer.ts'
import { qwen2Gguf } from './qwen-gguf.ts'
import { readDimensions, sameRotation } from './read-dimensions.ts'

/** Qwen 2 and 2.5: Llama with biases of queries, keys and values. Yang et al. 2024, https://arxiv.org/abs/2407.10671 */
export const qwen2: Architecture = decoder({
  name: 'qwen2',
  huggingFaceNames: ['Qwen2ForCausalLM'],
  gguf: qwen2Gguf,
  modules: { ...attentionModules, ...feedForwardModules },
  norms: preNorms,
  layer: preNormLayer(groupedAttention, swiGlu),

  config(read) {
    read.refuseUnless('hidden_act', 'silu')
    const dimensions = readDimensions(read, 'qwen2')
    return {
      ...dimensions,
      ...sameRotation(read, dimensions, layerWindows(read, dimensions.layers)),
      biasedModules: ['q_proj', 'k_proj', 'v_proj'],
    }
  },
})
