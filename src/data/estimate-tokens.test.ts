import { expect, test } from 'vitest'
import { findProfile, profiles } from '../profiles/profiles.ts'
import { tokenPlan } from '../profiles/token-plans.ts'
import { estimateTokens } from './estimate-tokens.ts'

const plan = {
  ...tokenPlan(findProfile('openai:gpt-4o').profile)!,
  charactersPerToken: 4,
  tokensPerMessage: 3,
  tokensPerRecord: 2,
}
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

test('every profile that estimates has a plan, with a method, and a price or the reason why there is none', () => {
  const plans = profiles.map(tokenPlan).filter((each) => each !== undefined)
  expect(plans.length).toBeGreaterThan(20)
  for (const { method, priceSource, charactersPerToken, epochs } of plans) {
    expect(Math.min(method.length, priceSource.length)).toBeGreaterThan(10)
    expect(Math.min(charactersPerToken, epochs)).toBeGreaterThanOrEqual(1)
  }
  expect(tokenPlan(findProfile('bedrock:claude-3-haiku').profile)).toMatchObject({
    charactersPerToken: 6,
    recordLimit: 32_000,
    epochs: 2,
    trainingPrice: null,
  })
  expect(tokenPlan(findProfile('bedrock:llama-3.2-90b').profile)).toMatchObject({
    recordLimit: 10_000,
    epochs: 5,
  })
  expect(tokenPlan(findProfile('openai:o4-mini:rft').profile)).toMatchObject({
    trainingPrice: null,
    priceSource: 'training costs USD 100 per hour, not by tokens',
  })
  expect(tokenPlan(findProfile('bedrock:nova-2-lite').profile)?.method).toContain('epochs is not known')
})
