import { describe, expect, test } from 'vitest'
import { findArchitecture } from './registry.ts'

const sizes = {
  vocab_size: 50,
  hidden_size: 32,
  intermediate_size: 40,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 64,
}
const longRope = {
  rope_type: 'longrope',
  short_factor: [1, 1, 2, 2],
  long_factor: [1, 2, 3, 4],
  original_max_position_embeddings: 16,
}

describe('what is not computed is refused by name', () => {
  test.each([
    ['MixtralForCausalLM', {}, 'the architecture MixtralForCausalLM'],
    ['Gemma2ForCausalLM', {}, 'the architecture Gemma2ForCausalLM'],
    ['LlamaForCausalLM', { hidden_act: 'gelu' }, 'llama with hidden_act = "gelu"'],
    ['LlamaForCausalLM', { rope_scaling: { type: 'dynamic', factor: 2 } }, 'llama with type = "dynamic"'],
    ['Qwen2ForCausalLM', { rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'qwen2 with rope_type = "yarn"'],
    ['Qwen3ForCausalLM', { partial_rotary_factor: 0.5 }, 'qwen3 with partial_rotary_factor = 0.5'],
    ['MistralForCausalLM', { hidden_act: 'relu' }, 'mistral with hidden_act = "relu"'],
    ['Gemma3ForCausalLM', { hidden_activation: 'silu' }, 'gemma3 with hidden_activation = "silu"'],
    ['Gemma3ForCausalLM', { attn_logit_softcapping: 50 }, 'gemma3 with attn_logit_softcapping = 50'],
    ['Gemma3ForCausalLM', { final_logit_softcapping: 30 }, 'gemma3 with final_logit_softcapping = 30'],
    ['Gemma3ForCausalLM', { use_bidirectional_attention: true }, 'gemma3 with use_bidirectional_attention'],
    ['Phi3ForCausalLM', { hidden_act: 'gelu' }, 'phi3 with hidden_act = "gelu"'],
    ['Qwen3ForCausalLM', { use_sliding_window: true, layer_types: ['a', 'b'] }, 'qwen3 with layer_types'],
  ])('%s %j', (name, fields, message) => {
    const read = (): unknown => findArchitecture(name).config({ ...sizes, sliding_window: 8, ...fields })
    expect(read).toThrow(
      expect.objectContaining({ code: 'E_MODEL_UNSUPPORTED', message: expect.stringContaining(message) }),
    )
  })

  test('with the list of those that are', () => {
    expect(() => findArchitecture('GPT2LMHeadModel')).toThrow(
      expect.objectContaining({
        hint: 'supported: LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM, Gemma3ForCausalLM, Phi3ForCausalLM',
      }),
    )
    expect(() =>
      findArchitecture('LlamaForCausalLM').config({ ...sizes, rope_scaling: { type: 'x' } }),
    ).toThrow(
      expect.objectContaining({
        at: { file: 'config.json', pointer: '/rope_scaling/type' },
        hint: 'supported: default, linear, llama3, longrope, su',
      }),
    )
  })
})

test.each([
  ['LlamaForCausalLM', { rope_scaling: { rope_type: 'linear' } }, '/rope_scaling/factor'],
  ['LlamaForCausalLM', { rope_scaling: 'linear' }, '/rope_scaling'],
  [
    'LlamaForCausalLM',
    { rope_parameters: { rope_type: 'llama3', factor: 8 } },
    '/rope_parameters/low_freq_factor',
  ],
  ['Phi3ForCausalLM', { rope_scaling: { ...longRope, long_factor: [1] } }, '/rope_scaling/long_factor'],
  ['MistralForCausalLM', { sliding_window: -1 }, '/sliding_window'],
  ['Qwen2ForCausalLM', { num_hidden_layers: 2 ** 30 }, '/num_hidden_layers'],
  ['Qwen3ForCausalLM', { head_dim: 2 ** 30 }, '/head_dim'],
  ['Gemma3ForCausalLM', { layer_types: ['full_attention'] }, '/layer_types'],
])('%s %j is damaged', (name, fields, pointer) => {
  expect(() => findArchitecture(name).config({ ...sizes, ...fields })).toThrow(
    expect.objectContaining({ code: 'E_MODEL_FILE', at: { file: 'config.json', pointer } }),
  )
})

const windowsOf = (name: string, fields: object): (number | null)[] =>
  findArchitecture(name)
    .config({ ...sizes, num_hidden_layers: 6, ...fields })
    .attention.map(({ window }) => window)

describe('windows', () => {
  test.each([
    ['MistralForCausalLM', { sliding_window: 8 }, [8, 8, 8, 8, 8, 8]],
    ['MistralForCausalLM', { sliding_window: null }, [null, null, null, null, null, null]],
    // A window as wide as the context hides nothing.
    ['MistralForCausalLM', { sliding_window: 64 }, [null, null, null, null, null, null]],
    ['Qwen2ForCausalLM', { sliding_window: 8 }, [null, null, null, null, null, null]],
    [
      'Qwen2ForCausalLM',
      { sliding_window: 8, use_sliding_window: true, max_window_layers: 4 },
      [null, null, null, null, 8, 8],
    ],
    [
      'Qwen2ForCausalLM',
      { sliding_window: 8, use_sliding_window: true, max_window_layers: 0 },
      [8, 8, 8, 8, 8, 8],
    ],
    ['Gemma3ForCausalLM', { sliding_window: 8 }, [8, 8, 8, 8, 8, null]],
    ['Gemma3ForCausalLM', { sliding_window: 8, sliding_window_pattern: 2 }, [8, null, 8, null, 8, null]],
  ])('%s %j', (name, fields, windows) => {
    expect(windowsOf(name, fields)).toEqual(windows)
  })
})

test("LongRoPE's magnitude is the square root of 1 + ln(extension) / ln(original context)", () => {
  const phi = findArchitecture('Phi3ForCausalLM')
  const magnitudeOf = (fields: object): number | undefined =>
    phi.config({ ...sizes, rope_scaling: { ...longRope, ...fields } }).rotations[0]?.magnitude
  expect(magnitudeOf({})).toBeCloseTo(Math.sqrt(1.5), 12)
  expect(magnitudeOf({ attention_factor: 1.25 })).toBe(1.25)
  expect(magnitudeOf({ factor: 1 })).toBe(1)
  expect(magnitudeOf({ rope_type: 'su' })).toBeCloseTo(Math.sqrt(1.5), 12)
})
