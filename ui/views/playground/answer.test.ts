import { expect, test } from 'vitest'
import { grown, probabilityOf, shownTokens, visibleToken } from './answer.ts'

const token = (text: string, logProbability = -0.5) => ({ text, logProbability, likeliest: [] })

test('each token is a stretch, and parts of a character are one together', () => {
  const pieces = [
    { text: 'a b', tokens: [token('a'), token(' b')] },
    { text: '猫', tokens: [token('\u{FFFD}'), token('\u{FFFD}', -1)] },
    { text: ' end' },
  ]
  expect(shownTokens(pieces).map(({ text, tokens }) => [text, tokens.length])).toEqual([
    ['a', 1],
    [' b', 1],
    ['猫', 2],
    [' end', 0],
  ])
  expect(shownTokens(pieces).map(probabilityOf).at(2)).toBeCloseTo(Math.exp(-1.5))
  expect(shownTokens(pieces).map(probabilityOf).at(3)).toBeUndefined()
})

test('an answer grows at its end', () => {
  const first = grown({ text: '', shown: [] }, [{ text: 'a', tokens: [token('a')] }])
  const then = grown(first, [{ text: '猫' }, { text: ' end', tokens: [token(' '), token('end')] }])
  expect(then.text).toBe('a猫 end')
  expect(then.shown.map(({ text }) => text)).toEqual(['a', '猫', ' ', 'end'])
  // What was drawn stays the very same, so that it is not drawn again.
  expect(then.shown[0]).toBe(first.shown[0])
})

test('white space can be seen', () => {
  expect(visibleToken(' a\n')).toBe('␣a⏎')
  expect(visibleToken('')).toBe('end')
})
