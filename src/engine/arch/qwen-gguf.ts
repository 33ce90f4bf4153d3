import { ggufHeadSize, ggufMapping, type GgufMapping } from './gguf-mapping.ts'
import { linearScaling } from './gguf-rotation.ts'

/** GGUF files of `general.architecture` "qwen2": Qwen 2 and 2.5. */
export const qwen2Gguf: GgufMapping = ggufMapping({
  architecture: 'qwen2',
  huggingFaceName: 'Qwen2ForCausalLM',
  modelType: 'qwen2',
  fields: (read) => ({ head_dim: ggufHeadSize(read), hidden_act: 'silu', use_sliding_window: false }),
  written: ({ rotations: [rotation] }) => (rotation === undefined ? {} : linearScaling(rotation)),
})

/** GGUF files of `general.architecture` "qwen3". */
export const qwen3Gguf: GgufMapping = ggufMapping({
  architecture: 'qwen3',
  huggingFaceName: 'Qwen3ForCausalLM',
  modelType: 'qwen3',
  fields: (read, { names }) => ({
    head_dim: ggufHeadSize(read),
    hidden_act: 'silu',
    use_sliding_window: false,
    attention_bias: names.has('blk.0.attn_q.bias'),
  }),
  written: ({ rotations: [rotation] }) => (rotation === undefined ? {} : linearScaling(rotation)),
})
