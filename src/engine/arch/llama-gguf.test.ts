import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openGguf } from '../weights/gguf.ts'
import { llamaGguf } from './llama-gguf.ts'

const tiny = fileURLToPath(new URL('../weights/fixtures/tiny-llama.gguf', import.meta.url))

test('config.json of a file', async () => {
  const gguf = await openGguf(tiny)
  await gguf.close()
  expect(llamaGguf.config(gguf.metadata)).toEqual({
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: 264,
    hidden_size: 32,
    intermediate_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    head_dim: 16,
    hidden_act: 'silu',
    max_position_embeddings: 64,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    rope_interleaved: false,
    rope_scaling: null,
    attention_bias: false,
    mlp_bias: false,
    bos_token_id: 1,
    eos_token_id: 2,
  })
})

const metadata = new Map<string, unknown>([
  ['llama.block_count', 1],
  ['llama.context_length', 64],
  ['llama.embedding_length', 32],
  ['llama.feed_forward_length', 64],
  ['llama.attention.head_count', 2],
  ['llama.attention.layer_norm_rms_epsilon', 1e-5],
  ['llama.vocab_size', 10],
])

test('what the metadata leaves out has the defaults of llama.cpp', () => {
  expect(llamaGguf.config(metadata)).toMatchObject({
    num_key_value_heads: 2,
    head_dim: 16,
    rope_theta: 10_000,
    rope_scaling: null,
  })
})

test('position scaling is passed on, so that it is not dropped', () => {
  const scaled = new Map([
    ...metadata,
    ['llama.rope.scaling.type', 'linear'],
    ['llama.rope.scaling.factor', 4],
  ])
  expect(llamaGguf.config(scaled)['rope_scaling']).toMatchObject({ rope_type: 'linear', factor: 4 })
})

test.each([
  ['llama.block_count', undefined, 'E_MODEL_FILE'],
  ['llama.block_count', 'two', 'E_MODEL_FILE'],
  ['llama.attention.head_count', Uint32Array.of(2, 4), 'E_MODEL_UNSUPPORTED'],
  ['llama.expert_count', 8, 'E_MODEL_UNSUPPORTED'],
  ['llama.vocab_size', undefined, 'E_MODEL_FILE'],
])('%s = %s is refused', (key, value, code) => {
  const changed = new Map(metadata)
  if (value === undefined) changed.delete(key)
  else changed.set(key, value)
  expect(() => llamaGguf.config(changed)).toThrow(expect.objectContaining({ code }))
})
