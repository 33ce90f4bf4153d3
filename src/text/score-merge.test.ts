import { array, assert, constantFrom, integer, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { mergeByScore } from './score-merge.ts'
import type { SentencePieceVocabulary } from './sentence-piece-vocabulary.ts'

function vocabularyOf(scored: ReadonlyMap<string, number>, unknown = 99): SentencePieceVocabulary {
  const tokens = [...scored.keys()]
  return {
    idOf: new Map(tokens.map((token, id) => [token, id])),
    scores: [...scored.values()],
    byteIds: Array.from({ length: 256 }, () => undefined),
    unknown,
    userDefined: new Map(),
  }
}

/** The definition, word for word: while any two neighbours are a token, merge the best such pair, of equals the first. */
function mergeSlowly(scored: ReadonlyMap<string, number>, text: string): string[] {
  const symbols = Array.from(text)
  for (;;) {
    const scores = symbols.slice(1).map((right, index) => scored.get(symbols[index] + right) ?? -Infinity)
    const best = Math.max(-Infinity, ...scores)
    if (best === -Infinity) return symbols
    const place = scores.indexOf(best)
    symbols.splice(place, 2, `${symbols[place]}${symbols[place + 1]}`)
  }
}

const letters = constantFrom('a', 'b', '😀')

test('merging is by the best score, and of equal scores the leftmost', () => {
  const tokens = array(string({ unit: letters, minLength: 2, maxLength: 5 }), { maxLength: 25 })
  const scores = array(integer({ min: -3, max: 0 }), { minLength: 28, maxLength: 28 })
  assert(
    property(tokens, scores, string({ unit: letters, maxLength: 40 }), (found, numbers, text) => {
      const scored = new Map(['a', 'b', '😀', ...found].map((token, index) => [token, numbers[index] ?? 0]))
      const vocabulary = vocabularyOf(scored)
      const expected = mergeSlowly(scored, text).map((symbol) => vocabulary.idOf.get(symbol))
      expect(mergeByScore(vocabulary, text)).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
})

test('a character without a token becomes its bytes, or the unknown token where one has none', () => {
  const vocabulary = vocabularyOf(new Map([['a', 0]]))
  const euro = [0xe2, 0x82, 0xac]
  const byteIds = vocabulary.byteIds.map((_, byte) => (euro.includes(byte) ? 300 + byte : undefined))
  expect(mergeByScore({ ...vocabulary, byteIds }, 'a€aé')).toEqual([
    0,
    ...euro.map((byte) => 300 + byte),
    0,
    99,
  ])
})
