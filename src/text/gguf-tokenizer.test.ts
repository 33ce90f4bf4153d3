import { describe, expect, test } from 'vitest'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { createChatTemplate } from './chat-template.ts'
import { tinyMetadata } from './testing/tiny-model.ts'
import { createTokenizer, type Tokenizer } from './tokenizer.ts'

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

test('the other tokenizer is answered with the known ones', () => {
  const metadata = tinyMetadata()
  metadata.set('tokenizer.ggml.model', 'rwkv')
  expect(() => tokenizerFromGguf(metadata)).toThrowError(
    expect.objectContaining({ hint: expect.stringContaining('gpt2, llama, t5') }),
  )
})

/** A SentencePiece vocabulary of a few letters and no bytes. */
function pieces(model: 'llama' | 't5'): Map<string, unknown> {
  const tokens = ['<unk>', '<s>', '</s>', '\u2581', 'a', 'b', '\u2581a', 'ab', 'ba']
  return new Map<string, unknown>([
    ['tokenizer.ggml.model', model],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.scores', Float32Array.of(0, 0, 0, -9, -5, -5, -2, -1, -1)],
    ['tokenizer.ggml.token_type', Int32Array.of(2, 3, 3, 1, 1, 1, 1, 1, 1)],
    ['tokenizer.ggml.unknown_token_id', 0],
  ])
}

function created(metadata: ReadonlyMap<string, unknown>): Tokenizer {
  const { tokenizer, config } = tokenizerFromGguf(metadata)
  return createTokenizer(tokenizer, config)
}

describe('a SentencePiece vocabulary', () => {
  test('of equal scores the leftmost pair merges, and a list of merges could not say so', () => {
    const metadata = pieces('llama')
    metadata.set('tokenizer.ggml.add_space_prefix', false)
    expect(created(metadata).encode('aba')).toEqual([7, 4])
    expect(created(metadata).encode('bab')).toEqual([8, 5])
  })

  test('what has no token and no bytes is the unknown token', () => {
    expect(created(pieces('llama')).encode('ax')).toEqual([6, 0])
    expect(created(pieces('t5')).encode('axyb')).toEqual([4, 0, 5])
  })

  test('ends that the file does not name are those that llama.cpp assumes', () => {
    expect(tokenizerFromGguf(pieces('llama')).config).toMatchObject({
      bos_token: '<s>',
      eos_token: '</s>',
      unk_token: '<unk>',
    })
    expect(tokenizerFromGguf(pieces('t5')).config).toMatchObject({ eos_token: '<s>', pad_token: '<unk>' })
  })

  test.each([
    ['too few scores', 'tokenizer.ggml.scores', Float32Array.of(1, 2)],
    ['a score that is no number', 'tokenizer.ggml.scores', new Float32Array(9).fill(Number.NaN)],
    ['scores that are words', 'tokenizer.ggml.scores', ['a']],
    ['no unknown token', 'tokenizer.ggml.unknown_token_id', 9],
    ['a flag that is a number', 'tokenizer.ggml.add_space_prefix', 1],
  ])('%s is refused', (_, key, value) => {
    for (const model of ['llama', 't5'] as const) {
      const metadata = pieces(model)
      metadata.set(key, value)
      expect(() => tokenizerFromGguf(metadata)).toThrowError(
        expect.objectContaining({ code: 'E_MODEL_FILE', at: { pointer: key } }),
      )
    }
  })

  test('a file without scores or types is read as llama.cpp reads it', () => {
    const metadata = pieces('llama')
    metadata.delete('tokenizer.ggml.scores')
    metadata.delete('tokenizer.ggml.token_type')
    expect(created(metadata).encode('ab')).toEqual([6, 5])
  })
})

test('a turn mark that the file calls an ordinary token is special all the same', () => {
  const metadata = tinyMetadata()
  const tokens = metadata.get('tokenizer.ggml.tokens') as string[]
  const types = Int32Array.from(metadata.get('tokenizer.ggml.token_type') as Int32Array)
  const end = tokens.indexOf('<|im_end|>')
  for (const type of [1, 4]) {
    types[end] = type
    metadata.set('tokenizer.ggml.token_type', types)
    const tokenizer = created(metadata)
    expect(tokenizer.specialTokens.get('<|im_end|>')).toBe(end)
    expect(tokenizer.encode('<|im_end|>')).not.toContain(end)
  }
})

test('text that merges into a special token keeps its parts', () => {
  const metadata = tinyMetadata()
  const tokens = metadata.get('tokenizer.ggml.tokens') as string[]
  metadata.set('tokenizer.ggml.tokens', [...tokens.slice(0, -1), '<s'])
  metadata.set('tokenizer.ggml.merges', ['< s', '<s >'])
  expect(created(metadata).decode(created(metadata).encode('a<s>b'))).toBe('a<s>b')
  expect(created(metadata).encode('<s>')).not.toContain(tokens.indexOf('<s>'))
})

test('tokens without a name do not collide', () => {
  const metadata = tinyMetadata()
  const tokens = [...(metadata.get('tokenizer.ggml.tokens') as string[]).slice(0, -2), '', '']
  metadata.set('tokenizer.ggml.tokens', tokens)
  expect(created(metadata).vocabularySize).toBe(tokens.length)
})

describe('the beginning of sequence', () => {
  const conversation = [{ role: 'user', content: 'q' }] as const
  const template = '{% for m in messages %}{{ m.content }}{% endfor %}'
  const renderedBy = (source: string, add: boolean | undefined, kind = 'smollm'): string => {
    const metadata = tinyMetadata(kind)
    metadata.set('tokenizer.chat_template', source)
    if (add !== undefined) metadata.set('tokenizer.ggml.add_bos_token', add)
    const { config } = tokenizerFromGguf(metadata)
    const found = 'chat_template' in config ? String(config.chat_template) : ''
    return createChatTemplate(found, { bos: '<s>', eos: '</s>' }).render(conversation, {
      addGenerationPrompt: true,
    })
  }

  test.each([
    ['is written where the file says so', template, true, 'smollm', '<s>q'],
    ['is not where the file says no', template, false, 'llama-bpe', 'q'],
    ['is where llama.cpp does so by the kind', template, undefined, 'llama-bpe', '<s>q'],
    ['is not where llama.cpp does not by the kind', template, undefined, 'qwen2', 'q'],
    ['is not doubled', `{{ bos_token }}${template}`, true, 'smollm', '<s>q'],
    ['is not doubled where the template spells it', `<s>${template}`, true, 'smollm', '<s>q'],
  ])('%s', (_, source, add, kind, expected) => {
    expect(renderedBy(source, add, kind)).toBe(expected)
  })

  test('leaves a template alone that cannot be rendered', () => {
    const metadata = tinyMetadata('llama-bpe')
    metadata.set('tokenizer.chat_template', "{{ raise_exception('no') }}")
    expect(tokenizerFromGguf(metadata).config).toMatchObject({ chat_template: "{{ raise_exception('no') }}" })
  })
})

describe('refused', () => {
  test.each([
    ['another tokenizer', 'tokenizer.ggml.model', 'bert', 'E_MODEL_UNSUPPORTED'],
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
