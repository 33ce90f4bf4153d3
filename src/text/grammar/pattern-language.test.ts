import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { accepts, drawText, languageOf } from './testing/texts-of.ts'

const characters = fc.constantFrom('a', 'b', 'c', '-', 'é', '日', '😀', '\n', '1')
const { pattern: patterns } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\w',
      '[a-c1]',
      '[^\\n-]',
      'é',
      '日',
      '\\u{1F600}',
      '\\S',
    ),
    fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map((parts) => `(${parts.join('|')})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '{0,2}?'))
      .map(([inner, count]) => `(?:${inner})${count}`),
  ),
}))

describe('a pattern', () => {
  test('holds the texts that JavaScript matches, and no others', () => {
    let matched = 0
    fc.assert(
      fc.property(patterns, fc.array(characters, { maxLength: 6 }), fc.nat(), (pattern, text, seed) => {
        const language = languageOf({ type: 'regex', pattern })
        const whole = new RegExp(`^(?:${pattern})$`, 'u')
        const given = text.join('')
        expect(accepts(language, given)).toBe(whole.test(given))
        const drawn = drawText(language, createRandom(seed), 200)
        if (drawn === undefined) return
        expect(drawn).toMatch(whole)
        matched += 1
      }),
      { numRuns: 150 },
    )
    expect(matched).toBeGreaterThan(100)
  })

  test.each([
    ['^ab$', ['ab'], ['a', 'xab', 'abx']],
    ['(^a$|^b$)', ['a', 'b'], ['ab', '']],
    ['[\\]\\-x]', [']', '-', 'x'], ['a']],
    ['a\\-b\\/c', ['a-b/c'], ['a\\-b/c']],
    ['\\x41\\u0042\\cJ\\t', ['AB\n\t'], ['A']],
    ['\\ud83d\\ude00', ['😀'], ['x']],
    ['\\p{Lu}\\P{L}', ['Ä1'], ['ä1', 'ÄÄ']],
    ['(?<year>[0-9]{4})', ['2026'], ['20']],
    ['a{,3}', ['a{,3}'], ['aaa']],
    ['', [''], ['a']],
    ['(a*)*b|(c?){3,5}', ['aab', '', 'ccccc'], ['cccccc']],
  ])('%s', (pattern, right, wrong) => {
    const language = languageOf({ type: 'regex', pattern })
    for (const text of right) expect([text, accepts(language, text)]).toEqual([text, true])
    for (const text of wrong) expect([text, accepts(language, text)]).toEqual([text, false])
  })

  test.each([
    ['(?=a)b', 'it looks around, or changes flags'],
    ['(?<!a)b', 'it looks around, or changes flags'],
    ['(a)\\1', 'it has \\1'],
    ['a\\b', 'it has \\b'],
    ['a(b$)c', 'an anchor stands inside'],
    ['(^a)*', 'an anchor stands inside'],
    ['(', 'it is no regular expression of ECMAScript'],
    ['[\\ud800]', 'it has half a character of UTF-16'],
    ['[^\\s\\S]', 'nothing matches'],
    ['a'.repeat(10_001), '10001 characters are more than 10000'],
  ])('%s is refused', (pattern, message) => {
    expect(() => languageOf({ type: 'regex', pattern })).toThrow(
      expect.objectContaining({ code: 'E_CONSTRAINT', message: expect.stringContaining(message) }),
    )
  })

  test('that tells too much apart is refused, and takes no time before', () => {
    const language = languageOf({ type: 'regex', pattern: '(a|b|ab)*a(.{0,4000}.{0,4000}){0,4000}c' })
    expect(() => {
      for (let length = 1; length < 4000; length *= 2) accepts(language, 'a'.repeat(length))
    }).toThrow(
      expect.objectContaining({ code: 'E_CONSTRAINT', message: expect.stringContaining('too much') }),
    )
  })
})

describe('choices', () => {
  test('are those alone', () => {
    const words = fc.string({ unit: 'binary', maxLength: 5 })
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 8 }),
        words,
        fc.nat(),
        (choices, other, seed) => {
          const language = languageOf({ type: 'choice', choices })
          expect(choices.every((choice) => accepts(language, choice))).toBe(true)
          expect(accepts(language, other)).toBe(choices.includes(other))
          const drawn = drawText(language, createRandom(seed))
          expect([undefined, ...choices]).toContain(drawn)
        },
      ),
    )
  })

  test.each([
    [[], 'there is nothing to choose from'],
    [['a', '\ud800'], 'choice 2 is no text'],
    [['a'.repeat(1_000_001)], '1 choices of 1000001 characters'],
  ])('%j are refused', (choices, message) => {
    expect(() => languageOf({ type: 'choice', choices })).toThrow(
      expect.objectContaining({ code: 'E_CONSTRAINT', message: expect.stringContaining(message) }),
    )
  })
})
