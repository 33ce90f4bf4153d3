import { Tokenizer } from '@huggingface/tokenizers'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { createLibraryTokenizer } from './library-tokenizer.ts'
import { preTokenizerKinds } from './pre-tokenizer-kinds.ts'
import { cuttingProbe } from './same-cutting.ts'
import { mixedStrings } from './testing/mixed-strings.ts'
import { byteLevelOnly, rewritePreTokenizer } from './pre-tokenizer-rewrite.ts'
import { tinyMetadata, tinyTokenizer } from './testing/tiny-model.ts'
import { parseTokenizerJson } from './tokenizer-json.ts'
import { createWordEncoder } from './word-encoder.ts'

const parts = fc.constantFrom(
  ...cuttingProbe.flatMap((text) => text.split(/(?<=\s)/)),
  "'s",
  "'LL",
  '  ',
  '\n',
  '\r\n',
  '\u0085',
  '\ufeff',
  '\u3000',
  '½',
  'e\u0301',
  '\u0301',
  '👍🏽',
  '1',
  '12345',
  '<|x|>',
)
const texts = fc.oneof(
  fc.array(parts, { maxLength: 12 }).map((all) => all.join('')),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

test('byte-level BPE has one: the library shows its patterns', () => {
  const { pre_tokenizer: stage, ...json } = parseTokenizerJson(tokenizerFromGguf(tinyMetadata()).tokenizer)
  const pre_tokenizer = rewritePreTokenizer(stage ?? byteLevelOnly)
  const encoder = createWordEncoder({ ...json, pre_tokenizer }, (each) => new Tokenizer(each, {}))
  expect(encoder?.encode('two words')).toHaveLength(tinyTokenizer().encode('two words').length)
})

describe.each(preTokenizerKinds.filter((_, index) => index % 3 === 0))('cut as %s', (kind) => {
  const json = parseTokenizerJson(tokenizerFromGguf(tinyMetadata(kind, 'wide')).tokenizer)
  const byWord = createLibraryTokenizer(json)
  const whole = createLibraryTokenizer(json, { byWord: false })

  test('words have the ids that they have in the whole text', () => {
    const mixed = mixedStrings(120)
    expect(mixed.length).toBeGreaterThan(0)
    for (const text of [...cuttingProbe, ...mixed])
      expect(byWord.encode([text])).toEqual(whole.encode([text]))
    fc.assert(
      fc.property(texts, (text) => {
        expect(byWord.encode([text])).toEqual(whole.encode([text]))
      }),
      { numRuns: 60 },
    )
  })
})

const refuse = (): never => {
  throw new Error('not asked for')
}

test('a tokenizer whose words depend on each other has no word encoder', () => {
  const json = parseTokenizerJson(tokenizerFromGguf(tinyMetadata()).tokenizer)
  expect(createWordEncoder({ ...json, pre_tokenizer: null }, refuse)).toBeUndefined()
  expect(createWordEncoder({ ...json, normalizer: { type: 'Lowercase' } }, refuse)).toBeUndefined()
  expect(createWordEncoder({ ...json, model: { ...json.model, unk_token: '<unk>' } }, refuse)).toBeUndefined()
})
