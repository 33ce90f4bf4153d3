import { describe, expect, test } from 'vitest'
import { ggufTokenizerMetadata } from './gguf-tokenizer-metadata.ts'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { mixedStrings } from './testing/mixed-strings.ts'
import { tinyMetadata } from './testing/tiny-model.ts'
import { createTokenizer } from './tokenizer.ts'

const split = (tokenizer: object, stage: unknown): object => ({ ...tokenizer, pre_tokenizer: stage })

describe.each(['smollm', 'gpt-2', 'llama-bpe', 'qwen2', 'default'])('a tokenizer of the kind %s', (kind) => {
  const source = tinyMetadata(kind)
  const { tokenizer, config } = tokenizerFromGguf(source)
  const rows = (source.get('tokenizer.ggml.tokens') as string[]).length + 3
  const written = ggufTokenizerMetadata(tokenizer, { ...config, add_bos_token: false }, '{{ x }}', rows)

  test('is written as what it was read from, with unused tokens up to the rows of the embedding', () => {
    expect(written.get('tokenizer.ggml.pre')).toBe(kind)
    const tokens = written.get('tokenizer.ggml.tokens') as string[]
    expect(tokens.slice(0, -3)).toEqual(source.get('tokenizer.ggml.tokens'))
    expect(tokens.slice(-3)).toEqual([`[PAD${rows - 3}]`, `[PAD${rows - 2}]`, `[PAD${rows - 1}]`])
    expect(written.get('tokenizer.ggml.merges')).toEqual(source.get('tokenizer.ggml.merges'))
    expect(written.get('tokenizer.ggml.bos_token_id')).toBe(source.get('tokenizer.ggml.bos_token_id'))
    expect(written.get('tokenizer.ggml.add_bos_token')).toBe(false)
    expect(written.get('tokenizer.chat_template')).toBe('{{ x }}')
  })

  test('cuts other texts the same way', () => {
    const back = tokenizerFromGguf(written)
    const [before, after] = [createTokenizer(tokenizer, config), createTokenizer(back.tokenizer, back.config)]
    for (const text of mixedStrings(200)) expect(after.encode(text)).toEqual(before.encode(text))
  })
})

test('the same way of cutting in other words is found by its effect', () => {
  const { tokenizer, config } = tokenizerFromGguf(tinyMetadata('smollm'))
  const digits = { type: 'Digits', individual_digits: true }
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  const smollm = split(tokenizer, { type: 'Sequence', pretokenizers: [digits, bytes] })
  expect(
    ggufTokenizerMetadata(smollm, config as Record<string, unknown>, '', 900).get('tokenizer.ggml.pre'),
  ).toBe('smollm')
})

test('a tokenizer of another kind, or that cuts like none, is refused', () => {
  const { tokenizer, config } = tokenizerFromGguf(tinyMetadata())
  const unigram = { ...tokenizer, model: { type: 'Unigram', vocab: [], unk_id: 0 } }
  const uncut = split(tokenizer, {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: false,
  })
  for (const each of [unigram, uncut]) {
    expect(() => ggufTokenizerMetadata(each, config as Record<string, unknown>, '', 900)).toThrow(
      expect.objectContaining({ code: 'E_MODEL_UNSUPPORTED', at: { file: 'tokenizer.json' } }),
    )
  }
})
