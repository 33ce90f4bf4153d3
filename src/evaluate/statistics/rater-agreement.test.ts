import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rankCorrelation, raterKappa } from './rater-agreement.ts'

interface Golden {
  readonly name: string
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly kappa: number
  readonly quadratic: number
  readonly spearman: number
}

const { cases } = JSON.parse(readFileSync(new URL('fixtures/agreement.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Golden[]
}

describe('agreement of two raters', () => {
  test('there are golden cases', () => expect(cases.length).toBeGreaterThan(5))

  test.each(cases)('as scikit-learn and SciPy: $name', ({ first, second, kappa, quadratic, spearman }) => {
    expect(raterKappa(first, second)).toBeCloseTo(kappa, 12)
    expect(raterKappa(first, second, 'quadratic')).toBeCloseTo(quadratic, 12)
    expect(rankCorrelation(first, second)).toBeCloseTo(spearman, 12)
  })

  test('whoever agrees always has 1, and raters that never vary have none', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 30 }), (ratings) => {
        const varied = new Set(ratings).size > 1
        for (const value of [
          raterKappa(ratings, ratings),
          raterKappa(ratings, ratings, 'quadratic'),
          rankCorrelation(ratings, ratings),
        ]) {
          expect(varied ? Math.round(value * 1e9) / 1e9 : value).toBe(varied ? 1 : Number.NaN)
        }
      }),
    )
  })
})
