import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseTau, decideLabel, labelShares, type ScoredRow } from './decide-label.ts'
import { operationsOf } from './operations.ts'

describe('operations', () => {
  test('tokens, latency, cost and refusals', () => {
    const answers = [100, 300].map((promptTokens, at) => ({
      exampleId: `${at}`,
      answer: at === 0 ? 'I’m sorry, but I can’t help with that.' : 'Done.',
      promptTokens,
      completionTokens: 50,
      latencyMs: 100 * (at + 1),
    }))
    const price = { input: 0.25, output: 1.25, source: 'a page' }
    expect(operationsOf(answers, price)).toEqual({
      tokensPerQuery: { prompt: 200, completion: 50 },
      latencyMs: { p50: 150, p95: 195, p99: 199, rows: 2 },
      firstTokenMs: null,
      // 200 · 0.25 + 50 · 1.25 dollars for a million queries, a thousandth of it for a thousand.
      cost: { usdPerThousand: 0.1125, price },
      refusals: 1,
    })
    expect(operationsOf(answers, undefined).cost).toBeNull()
  })

  test('answers that came without a count of their tokens cost what nobody knows', () => {
    const answer = { exampleId: 'a', answer: 'Done.', promptTokens: 0, completionTokens: 0 }
    const price = { input: 0.25, output: 1.25, source: 'a page' }
    expect(operationsOf([answer], price).cost).toBeNull()
    const half = [answer, { ...answer, exampleId: 'b', promptTokens: 100, completionTokens: 10 }]
    expect(operationsOf(half, price).tokensPerQuery).toEqual({ prompt: 100, completion: 10 })
  })
})

const scores = (often: number, rare: number): ScoredRow['scores'] => [
  { label: 'often', logProbability: Math.log(often) },
  { label: 'rare', logProbability: Math.log(rare) },
]

describe('the corrected decision', () => {
  const shares = labelShares([...Array.from({ length: 9 }, () => 'often'), 'rare'])

  test('divides the probability by the share to the power', () => {
    expect(shares.get('rare')).toBeCloseTo(0.1, 12)
    expect(decideLabel(scores(0.7, 0.3), shares, 0)).toBe('often')
    expect(decideLabel(scores(0.7, 0.3), shares, 1)).toBe('rare')
    // 0.7 / 0.9^τ = 0.3 / 0.1^τ at τ = ln(7/3) / ln 9 = 0.386.
    expect(decideLabel(scores(0.7, 0.3), shares, 0.38)).toBe('often')
    expect(decideLabel(scores(0.7, 0.3), shares, 0.39)).toBe('rare')
    expect(() => decideLabel([], shares, 0)).toThrow('at least one label')
  })

  test('a label without a share counts as the rarest, and one share changes nothing', () => {
    const strange: ScoredRow['scores'] = [
      ...scores(0.6, 0.1),
      { label: 'new', logProbability: Math.log(0.3) },
    ]
    expect(decideLabel(strange, shares, 1)).toBe('new')
    const even = labelShares(['often', 'rare'])
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (p, tau) => {
          fc.pre(Math.abs(p - 0.5) > 1e-9)
          expect(decideLabel(scores(p, 1 - p), even, tau)).toBe(decideLabel(scores(p, 1 - p), even, 0))
        },
      ),
    )
  })

  test('τ is the smallest that is best on the rows it is given', () => {
    const rows: ScoredRow[] = [
      { expected: 'often', scores: scores(0.95, 0.05) },
      { expected: 'often', scores: scores(0.8, 0.2) },
      { expected: 'rare', scores: scores(0.7, 0.3) },
    ]
    expect(chooseTau(rows, shares)).toEqual({ tau: 0.4, score: 1 })
    expect(() => chooseTau([], shares)).toThrow('at least one row')
  })
})
