import { describe, expect, test } from 'vitest'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { tinyMetadata } from './testing/tiny-model.ts'

test('special, user-defined and ordinary tokens', () => {
  const { tokenizer } = tokenizerFromGguf(tinyMetadata())
  expect(tokenizer).toMatchObject({
    added_tokens: expect.arrayContaining([
      expect.objectContaining({ content: '<|im_end|>', special: true }),
      expect.objectContaining({ content: '<think>', special: false }),
    ]),
    model: { vocab: expect.objectContaining({ '<|im_end|>': 2 }) },
  })
})

test('ends, template and flags become the configuration; what is missing stays out', () => {
  const metadata = tinyMetadata()
  metadata.set('tokenizer.chat_template', '{{ messages }}')
  metadata.set('tokenizer.ggml.add_bos_token', false)
  metadata.set('tokenizer.ggml.padding_token_id', 2n)
  expect(tokenizerFromGguf(metadata).config).toEqual({
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    bos_token: '<s>',
    eos_token: '</s>',
    pad_token: '<|im_end|>',
    add_bos_token: false,
    chat_template: '{{ messages }}',
  })
})

describe('refused', () => {
  test.each([
    ['another tokenizer', 'tokenizer.ggml.model', 'llama', 'E_MODEL_UNSUPPORTED'],
    ['an unknown way of cutting', 'tokenizer.ggml.pre', 'telepathy', 'E_MODEL_UNSUPPORTED'],
    ['a way of cutting named like a method', 'tokenizer.ggml.pre', 'toString', 'E_MODEL_UNSUPPORTED'],
    ['no tokens', 'tokenizer.ggml.tokens', undefined, 'E_MODEL_FILE'],
    ['tokens that are numbers', 'tokenizer.ggml.tokens', [1, 2], 'E_MODEL_FILE'],
    ['a token twice', 'tokenizer.ggml.tokens', Array.from({ length: 900 }, () => 'a'), 'E_MODEL_FILE'],
    ['too few types', 'tokenizer.ggml.token_type', [1, 2, 3], 'E_MODEL_FILE'],
    ['a merge of one part', 'tokenizer.ggml.merges', ['ab'], 'E_MODEL_FILE'],
    ['an end that is no token', 'tokenizer.ggml.eos_token_id', 900, 'E_MODEL_FILE'],
  ])('%s', (_, key, value, code) => {
    const metadata = tinyMetadata()
    if (value === undefined) metadata.delete(key)
    else metadata.set(key, value)
    expect(() => tokenizerFromGguf(metadata)).toThrowError(expect.objectContaining({ code }))
  })

  test('the unknown way of cutting is answered with the known ones', () => {
    expect(() => tokenizerFromGguf(tinyMetadata('telepathy'))).toThrowError(
      expect.objectContaining({ hint: expect.stringContaining('smollm') }),
    )
  })
})
