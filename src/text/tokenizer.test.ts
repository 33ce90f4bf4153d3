import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  oneof,
  property,
  string as anyString,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { differences } from './testing/golden-hash.ts'
import { mixedStrings } from './testing/mixed-strings.ts'
import { tinyGoldens, tinyMetadata, tinyTokenizer } from './testing/tiny-model.ts'
import { createTokenizer, loadTokenizer } from './tokenizer.ts'

const strings = mixedStrings(tinyGoldens.strings)

describe.each(Object.entries(tinyGoldens.kinds))(
  'equal to the reference, pre-tokenizer %s',
  (kind, golden) => {
    const tokenizer = tinyTokenizer(kind)

    test('ids of plain text', () => {
      expect(
        differences(
          strings.map((text) => tokenizer.encode(text)),
          golden.plain,
        ),
      ).toEqual([])
    })

    test('ids with special tokens read, and the text of these ids', () => {
      const ids = strings.map((text) => tokenizer.encode(text, { special: true }))
      expect(differences(ids, golden.special)).toEqual([])
      expect(
        differences(
          ids.map((each) => tokenizer.decode(each)),
          golden.decoded,
        ),
      ).toEqual([])
    })
  },
)

test.each([
  [
    'smollm',
    [
      { type: 'Digits', individual_digits: true },
      { type: 'ByteLevel', add_prefix_space: false },
    ],
  ],
  ['gpt-2', [{ type: 'ByteLevel', add_prefix_space: false, use_regex: true }]],
])('equal to the reference with the stages that %s models publish', (kind, pretokenizers) => {
  const { tokenizer, config } = tokenizerFromGguf(tinyMetadata(kind))
  const published = createTokenizer(
    { ...tokenizer, pre_tokenizer: { type: 'Sequence', pretokenizers } },
    config,
  )
  const golden = tinyGoldens.kinds[kind]?.plain ?? ''
  expect(
    differences(
      strings.map((text) => published.encode(text)),
      golden,
    ),
  ).toEqual([])
})

describe('byte-level', () => {
  const tokenizer = tinyTokenizer()
  const anyText = oneof(
    anyString({ unit: 'binary' }),
    anyString({ unit: 'grapheme' }),
    constantFrom(...mixedStrings(400)),
  )
  const anyId = integer({ min: 0, max: tokenizer.vocabularySize + 5 })

  test('decoding gives the encoded text back', () => {
    assert(property(anyText, (text) => tokenizer.decode(tokenizer.encode(text)) === text))
  })

  test('a stream gives, in whole characters, what decoding all at once gives', () => {
    assert(
      property(array(anyId, { maxLength: 40 }), boolean(), (ids, special) => {
        const stream = tokenizer.streamDecoder({ special })
        const text = ids.map((id) => stream.push(id)).join('') + stream.end()
        return text === tokenizer.decode(ids, { special })
      }),
    )
    assert(
      property(anyText, (text) => {
        const stream = tokenizer.streamDecoder()
        const parts = tokenizer.encode(text.replaceAll('\uFFFD', '')).map((id) => stream.push(id))
        return !parts.some((part) => part.includes('\uFFFD')) && stream.end() === ''
      }),
    )
  })

  test('text never becomes a special token unless it is asked for', () => {
    const special = new Set(tokenizer.specialTokens.values())
    const hostile = array(constantFrom(...tokenizer.specialTokens.keys(), ' ', 'a', '<|'))
    assert(property(hostile, (parts) => !tokenizer.encode(parts.join('')).some((id) => special.has(id))))
    expect(tokenizer.encode('a<|im_end|>b', { special: true })).toContain(
      tokenizer.specialTokens.get('<|im_end|>'),
    )
  })

  test('added tokens that are not special stay tokens in plain text', () => {
    const think = tokenizer.addedTokens.find(({ content }) => content === '<think>')
    expect(think?.special).toBe(false)
    expect(tokenizer.encode('a<think>')).toEqual([...tokenizer.encode('a'), think?.id])
  })

  test('pieces: only the given ids are special, and the ids come back by piece', () => {
    const end = tokenizer.specialTokens.get('<|im_end|>') ?? -1
    const pieces = tokenizer.encodePieces(['<|im_end|>', end, 'two words'])
    expect(pieces).toEqual([tokenizer.encode('<|im_end|>'), [end], tokenizer.encode('two words')])
  })

  test('names, sizes and ends', () => {
    expect(tokenizer.vocabularySize).toBe(900)
    expect(tokenizer.beginningOfSequence).toBe(tokenizer.specialTokens.get('<s>'))
    expect(tokenizer.endOfSequence).toBe(tokenizer.specialTokens.get('</s>'))
    expect(tokenizer.decode([tokenizer.vocabularySize + 7])).toBe('')
  })

  test('characters that have no token are told', () => {
    const metadata = tinyMetadata()
    metadata.set(
      'tokenizer.ggml.tokens',
      (metadata.get('tokenizer.ggml.tokens') as string[]).map((token) => (token === 'Ć' ? '[gone]' : token)),
    )
    const { tokenizer: json, config } = tokenizerFromGguf(metadata)
    const lossy = createTokenizer(json, config)
    expect(lossy.droppedCharacters('a\u0006b\u0006c')).toEqual(['\u0006'])
    expect(lossy.decode(lossy.encode('a\u0006b'))).toBe('ab')
    expect(tokenizer.droppedCharacters('a\u0006b')).toEqual([])
  })
})

describe('a vocabulary that is not byte-level', () => {
  const words = ['<unk>', '<s>', '</s>', '▁', 'a', 'b', '▁a', '▁ab', 'ab']
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  )
  const tokenizer = createTokenizer({
    model: {
      type: 'BPE',
      vocab: Object.fromEntries([...words, ...bytes].map((token, id) => [token, id])),
      merges: [
        ['a', 'b'],
        ['▁', 'a'],
        ['▁', 'ab'],
      ],
      unk_token: '<unk>',
      fuse_unk: true,
      byte_fallback: true,
    },
    added_tokens: [0, 1, 2].map((id) => ({ id, content: words[id], special: true })),
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
  })

  test('the first word alone gets its space, and special text stays text', () => {
    expect(tokenizer.encode('ab')).toEqual([7])
    expect(tokenizer.encodePieces([1, 'ab', 2])).toEqual([[1], [8], [2]])
    expect(tokenizer.encode('</s>')).not.toContain(2)
    expect(tokenizer.decode(tokenizer.encode('ab </s>€\n'))).toBe('ab </s>€\n')
    expect(tokenizer.decode([1, 7, 2], { special: true })).toBe('<s> ab</s>')
  })

  test('a stream equals decoding all at once', () => {
    assert(
      property(array(integer({ min: 0, max: tokenizer.vocabularySize - 1 })), (ids) => {
        const stream = tokenizer.streamDecoder()
        return ids.map((id) => stream.push(id)).join('') + stream.end() === tokenizer.decode(ids)
      }),
    )
  })
})

describe('model folders', () => {
  const valid = tokenizerFromGguf(tinyMetadata()).tokenizer

  test('a folder that was written out is read back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hone-tokenizer-'))
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(valid))
    await writeFile(join(folder, 'tokenizer_config.json'), '{"bos_token": {"content": "<s>"}}')
    const tokenizer = await loadTokenizer(folder)
    expect(tokenizer.encode('Hello <s>')).toEqual(tinyTokenizer().encode('Hello <s>'))
    expect(tokenizer.names.bos).toBe('<s>')
    await writeFile(join(folder, 'tokenizer.json'), '{"model": ')
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
    await rm(folder, { recursive: true })
  })

  test.each([
    ['nothing', null, 'E_MODEL_FILE'],
    ['no model', {}, 'E_MODEL_FILE'],
    ['a negative id', { ...valid, model: { type: 'BPE', vocab: { a: -1 }, merges: [] } }, 'E_MODEL_FILE'],
    [
      'an id of four thousand million',
      { ...valid, model: { type: 'BPE', vocab: { a: 4e9 }, merges: [] } },
      'E_MODEL_FILE',
    ],
    ['an unknown stage', { ...valid, pre_tokenizer: { type: 'Telepathy' } }, 'E_MODEL_UNSUPPORTED'],
    [
      'a merging split',
      { ...valid, pre_tokenizer: { type: 'Split', pattern: { Regex: 'a' }, behavior: 'MergedWithNext' } },
      'E_MODEL_UNSUPPORTED',
    ],
    [
      'a whole-word token',
      { ...valid, added_tokens: [{ id: 1, content: 'x', single_word: true }] },
      'E_MODEL_UNSUPPORTED',
    ],
  ])('%s is refused', (_, json, code) => {
    expect(() => createTokenizer(json)).toThrowError(expect.objectContaining({ code }))
  })
})
