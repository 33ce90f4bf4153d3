import type { Architecture } from './architecture.ts'
import { decoder } from './decoder.ts'
import { feedForwardModules, swiGlu } from './feed-forward.ts'
import { attentionModules, normedAttention } from './grouped-attention.ts'
import { layerWindows } from './layer-windows.ts'
import { preNormLayer, preNorms } from './pre-norm-layer.ts'
import { qwen3Gguf } from './qwen-gguf.ts'
import { readDimensions, sameRotation } from './read-dimensions.ts'

/** Qwen 3: Llama with norms of each query and key head. Yang et al. 2025, https://arxiv.org/abs/2505.09388 */
export const qwen3: Architecture = decoder({
  name: 'qwen3',
  huggingFaceNames: ['Qwen3ForCausalLM'],
  gguf: qwen3Gguf,
  modules: { ...attentionModules, ...feedForwardModules },
  norms: { ...preNorms, 'self_attn.q_norm': 'head', 'self_attn.k_norm': 'head' },
  layer: preNormLayer(normedAttention, swiGlu),

  config(read) {
    read.refuseUnless('hidden_act', 'silu')
    const dimensions = readDimensions(read, 'qwen3', { headSize: 128 })
    return {
      ...dimensions,
      ...sameRotation(read, dimensions, layerWindows(read, dimensions.layers)),
      biasedModules: read.flag('attention_bias', false) ? Object.keys(attentionModules) : [],
    }
  },
})
