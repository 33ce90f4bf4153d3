import { expect, test } from 'vitest'
import { answerText, probabilityOf, shownTokens, visibleToken } from './answer.ts'

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
  expect(answerText(pieces)).toBe('a b猫 end')
  expect(shownTokens(pieces).map(probabilityOf).at(2)).toBeCloseTo(Math.exp(-1.5))
  expect(shownTokens(pieces).map(probabilityOf).at(3)).toBeUndefined()
})

test('white space can be seen', () => {
  expect(visibleToken(' a\n')).toBe('␣a⏎')
  expect(visibleToken('')).toBe('end')
})
