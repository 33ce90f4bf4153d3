import { array, assert, constantFrom, integer, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createUnigram, spellSpaces } from './unigram.ts'

const unknown = 99

/** The best sum of scores over every way to cut the text, by trying them all. */
function bestSum(scored: ReadonlyMap<string, number>, unknownScore: number, text: string): number {
  if (text === '') return 0
  const characters = Array.from(text)
  const sums = characters.map((_, index) => {
    const token = characters.slice(0, index + 1).join('')
    const score = scored.get(token) ?? (index === 0 ? unknownScore : -Infinity)
    return score === -Infinity ? score : score + bestSum(scored, unknownScore, text.slice(token.length))
  })
  return Math.max(...sums)
}

const letters = constantFrom('a', 'b', '😀')

test('the segmentation has the best sum, and spells the text', () => {
  const tokens = array(string({ unit: letters, minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 })
  const scores = array(integer({ min: -9, max: -1 }), { minLength: 12, maxLength: 12 })
  assert(
    property(
      tokens,
      scores,
      string({ unit: letters, minLength: 1, maxLength: 8 }),
      (found, numbers, text) => {
        const scored = new Map(found.map((token, index) => [token, numbers[index] ?? -1]))
        const names = [...scored.keys()]
        const encode = createUnigram({
          idOf: new Map(names.map((token, id) => [token, id])),
          scores: [...scored.values()],
          byteIds: [],
          unknown,
          userDefined: new Map(),
        })
        const ids = encode(text)
        const unknownScore = Math.min(...scored.values()) - 10
        const spelt = ids.map((id) => names[id] ?? '?').join('')
        const pattern = new RegExp(`^${spelt.replaceAll('?', '(.+)')}$`, 'u')
        const unknowns = pattern.exec(text)?.slice(1) ?? []
        expect(text).toMatch(pattern)
        if (unknowns.length > 1) return
        const unknownCount = unknowns.reduce((sum, run) => sum + Array.from(run).length, 0)
        const sum = ids.reduce(
          (total, id) => total + (scored.get(names[id] ?? '') ?? 0),
          unknownCount * unknownScore,
        )
        expect(sum).toBe(bestSum(scored, unknownScore, text))
      },
    ),
    { numRuns: 500 },
  )
})

describe('spaces', () => {
  test.each([
    ['  a  b ', false, false, '▁▁a▁▁b▁'],
    ['  a  b ', true, false, '▁▁▁a▁▁b▁'],
    ['  a  b ', false, true, '▁a▁b'],
    ['  a  b ', true, true, '▁a▁b'],
    ['   ', true, false, '▁▁▁'],
    ['   ', true, true, ''],
    ['', true, false, ''],
  ])('%j, prefix %s, extra ones removed %s', (text, addSpacePrefix, removeExtraWhitespaces, expected) => {
    expect(spellSpaces(text, { addSpacePrefix, removeExtraWhitespaces })).toBe(expected)
  })
})
