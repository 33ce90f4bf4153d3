import { expect, test } from 'vitest'
import { tokenPlans } from '../profiles/token-plans.ts'
import { estimateTokens } from './estimate-tokens.ts'

const plan = { ...tokenPlans[0]!, charactersPerToken: 4, tokensPerMessage: 3, tokensPerRecord: 2 }
const example = {
  id: 'x:1',
  messages: [
    { role: 'system', content: 'a'.repeat(40) },
    { role: 'user', content: 'b'.repeat(9) },
    { role: 'assistant', content: 'c'.repeat(20) },
  ],
} as const

test('a record is its texts by the rule, each message and the record itself', () => {
  expect(estimateTokens(example, 5, plan, undefined)).toEqual({
    line: 5,
    longest: 29,
    total: 29,
    system: 10,
    trained: 5,
    trainedWithin: 5,
    rejected: 0,
  })
})

test('what is beyond the limit is not within it', () => {
  expect(estimateTokens(example, 5, plan, 26)).toMatchObject({ trained: 5, trainedWithin: 2 })
  expect(estimateTokens(example, 5, plan, 10)).toMatchObject({ trained: 5, trainedWithin: 0 })
})

test('a pair has two sequences, and answers that are not learned are prompt', () => {
  expect(estimateTokens({ ...example, rejected: 'd'.repeat(40) }, 1, plan, undefined)).toMatchObject({
    total: 29,
    rejected: 34,
    longest: 34,
  })
  expect(estimateTokens({ ...example, learned: [false] }, 1, plan, undefined).trained).toBe(0)
})

test('every plan has a method, and a price or the reason why there is none', () => {
  expect(tokenPlans.length).toBeGreaterThan(0)
  for (const { id, method, priceSource, charactersPerToken } of tokenPlans) {
    expect(id).toMatch(/^[a-z]+:[a-z0-9.-]+$/)
    expect(Math.min(method.length, priceSource.length)).toBeGreaterThan(10)
    expect(charactersPerToken).toBeGreaterThan(1)
  }
  expect(new Set(tokenPlans.map(({ id }) => id)).size).toBe(tokenPlans.length)
})
