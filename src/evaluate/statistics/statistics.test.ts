import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { macroF1 } from '../metrics/macro-f1.ts'
import type { ReadRow } from '../metrics/metric.ts'
import { unreadable } from '../reading.ts'
import { minstd } from '../testing/minstd.ts'
import { bcaInterval } from './bca-interval.ts'
import { bootstrapFigures, type ResamplingOptions } from './bootstrap-figures.ts'
import { exactSignTest } from './exact-sign-test.ts'
import type { Interval } from './interval.ts'
import { normalCdf, normalQuantile } from './normal-distribution.ts'
import { quantile } from './quantile.ts'
import { sampleFigure, type SampleStatistic } from './sample-figure.ts'
import { tangoInterval } from './tango-interval.ts'
import { wilsonInterval } from './wilson-interval.ts'

interface Golden {
  readonly normalCdf: readonly [number, number][]
  readonly normalQuantile: readonly [number, number][]
  readonly quantile: { readonly numbers: readonly number[]; readonly cases: readonly [number, number][] }
  readonly wilson: readonly [number, number, number, number, number][]
  readonly tango: readonly [number, number, number, number, number, number][]
  readonly exactSignTest: readonly [number, number, number][]
  readonly bca: readonly {
    readonly name: string
    readonly truth: readonly number[]
    readonly predicted: readonly number[]
    readonly other: readonly number[]
    readonly resamples: number
    readonly confidence: number
    readonly macroF1: readonly [number, number]
    readonly difference: readonly [number, number]
  }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('./fixtures/statistics.json', import.meta.url), 'utf8'),
)

test('there are goldens of everything', () => {
  const cases = [golden.normalCdf, golden.normalQuantile, golden.quantile.cases, golden.wilson, golden.tango]
  for (const list of [...cases, golden.exactSignTest, golden.bca]) expect(list.length).toBeGreaterThan(2)
})

describe('normal distribution, against SciPy', () => {
  test.each(golden.normalCdf)('P(Z ≤ %d) = %d', (z, share) => {
    expect(Math.abs(normalCdf(z) - share)).toBeLessThan(2e-15)
  })

  test.each(golden.normalCdf.filter(([z]) => z > -37 && z < 0))('tail P(Z ≤ %d) = %d', (z, share) => {
    // Beyond z = 7 the continued fraction is cut early: 8 digits, and 1e-21 in absolute terms.
    expect(normalCdf(z) / share).toBeCloseTo(1, z < -7 ? 7 : 9)
  })

  test.each(golden.normalQuantile)('quantile %d = %d', (share, z) => {
    expect(Math.abs(normalQuantile(share) - z)).toBeLessThan(1e-14 * Math.max(1, Math.abs(z)))
  })

  test('the ends', () => {
    expect(normalQuantile(0)).toBe(-Infinity)
    expect(normalQuantile(1)).toBe(Infinity)
    expect(() => normalQuantile(1.1)).toThrow(RangeError)
    expect(() => normalQuantile(Number.NaN)).toThrow(RangeError)
    expect(normalCdf(-Infinity)).toBe(0)
    expect(normalCdf(Infinity)).toBe(1)
  })
})

test.each(golden.quantile.cases)('quantile %d is %d, as in NumPy', (share, value) => {
  expect(
    quantile(
      golden.quantile.numbers.toSorted((a, b) => a - b),
      share,
    ),
  ).toBeCloseTo(value, 14)
})

describe('Wilson', () => {
  test.each(golden.wilson)(
    '%d of %d at %d, against statsmodels',
    (successes, trials, confidence, lower, upper) => {
      const interval = wilsonInterval(successes, trials, confidence)
      expect(interval.lower).toBeCloseTo(lower, 13)
      expect(interval.upper).toBeCloseTo(upper, 13)
    },
  )

  test('holds the proportion and narrows with n', () => {
    const counts = fc
      .integer({ min: 1, max: 5000 })
      .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)))
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { lower, upper } = wilsonInterval(successes, trials)
        expect(lower).toBeLessThanOrEqual(successes / trials)
        expect(upper).toBeGreaterThanOrEqual(successes / trials)
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(upper).toBeLessThanOrEqual(1)
        const more = wilsonInterval(successes * 4, trials * 4)
        expect(more.upper - more.lower).toBeLessThan(upper - lower)
      }),
    )
  })

  test.each([
    [0, 0],
    [-1, 3],
    [4, 3],
    [Number.NaN, 3],
  ])('refuses %d of %d', (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(RangeError)
  })
})

describe('Tango', () => {
  test.each(golden.tango)(
    '%d gained, %d lost of %d at %d, against a likelihood maximised by SciPy',
    (gained, lost, pairs, confidence, lower, upper) => {
      const interval = tangoInterval(gained, lost, pairs, confidence)
      expect(interval.lower).toBeCloseTo(lower, 7)
      expect(interval.upper).toBeCloseTo(upper, 7)
    },
  )

  test('the published example: 1 and 7 discordant of 21 give −0.517 to −0.026', () => {
    const { lower, upper } = tangoInterval(1, 7, 21)
    expect([lower.toFixed(3), upper.toFixed(3)]).toEqual(['-0.517', '-0.026'])
  })

  test('turns around with its arguments and holds the difference', () => {
    const counts = fc
      .integer({ min: 1, max: 400 })
      .chain((pairs) =>
        fc
          .integer({ min: 0, max: pairs })
          .chain((gained) =>
            fc.tuple(fc.constant(gained), fc.integer({ min: 0, max: pairs - gained }), fc.constant(pairs)),
          ),
      )
    fc.assert(
      fc.property(counts, ([gained, lost, pairs]) => {
        const there = tangoInterval(gained, lost, pairs)
        const back = tangoInterval(lost, gained, pairs)
        expect(there.lower).toBeCloseTo(-back.upper, 9)
        expect(there.upper).toBeCloseTo(-back.lower, 9)
        expect(there.lower).toBeLessThanOrEqual((gained - lost) / pairs)
        expect(there.upper).toBeGreaterThanOrEqual((gained - lost) / pairs)
        expect(there.upper - there.lower).toBeGreaterThan(0)
      }),
    )
  })

  test.each([
    [1, 1, 1],
    [0, 0, 0],
    [-1, 0, 3],
  ])('refuses %d and %d of %d', (gained, lost, pairs) => {
    expect(() => tangoInterval(gained, lost, pairs)).toThrow(RangeError)
  })
})

describe('exact sign test', () => {
  test.each(golden.exactSignTest)('%d against %d, against statsmodels', (wins, losses, p) => {
    expect(Math.abs(exactSignTest(wins, losses) - p)).toBeLessThanOrEqual(1e-10 * p)
    expect(exactSignTest(losses, wins)).toBe(exactSignTest(wins, losses))
  })
})

const rowsOf = (truth: readonly number[], predicted: readonly number[]): ReadRow[] =>
  truth.map((label, at) => {
    const answer = predicted[at] ?? -1
    return {
      expected: { readable: true, read: String(label) },
      answer: answer < 0 ? unreadable('') : { readable: true, read: String(answer) },
    }
  })

describe('BCa bootstrap', () => {
  test.each(golden.bca)('of macro-F1 on the same resamples as SciPy: $name', (expected) => {
    const { truth, resamples, confidence } = expected
    const score = (given: readonly number[]): SampleStatistic =>
      macroF1.statistic(rowsOf(truth, given), { kind: 'labels', labels: [] })
    const [first, second] = [score(expected.predicted), score(expected.other)]
    const single = bootstrapInterval(truth.length, first, { random: minstd(5), resamples, confidence })
    expect(single?.lower).toBeCloseTo(expected.macroF1[0], 12)
    expect(single?.upper).toBeCloseTo(expected.macroF1[1], 12)
    const difference: SampleStatistic = (rows) => first(rows) - second(rows)
    const paired = bootstrapInterval(truth.length, difference, { random: minstd(6), resamples, confidence })
    expect(paired?.lower).toBeCloseTo(expected.difference[0], 12)
    expect(paired?.upper).toBeCloseTo(expected.difference[1], 12)
  })

  test('covers a known mean about as often as it says', () => {
    const random = createRandom('coverage')
    const trials = 200
    const covered = Array.from({ length: trials }).filter(() => {
      const numbers = Array.from({ length: 40 }, () => random.next() ** 2) // mean 1/3, skewed
      const interval = bootstrapInterval(40, meanOf(numbers), { random, resamples: 400 })
      return interval !== null && interval.lower <= 1 / 3 && interval.upper >= 1 / 3
    }).length
    expect(covered).toBeGreaterThan(trials * 0.88)
    expect(covered).toBeLessThan(trials * 0.995)
  })

  test('the same seed gives the same interval', () => {
    const numbers = [0.1, 0.4, 0.2, 0.9, 0.3, 0.6]
    const run = (seed: number) =>
      bootstrapInterval(6, meanOf(numbers), { random: createRandom(seed), resamples: 500 })
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })

  test('rows without spread give no interval instead of one without width', () => {
    const constant = bootstrapInterval(5, meanOf([1, 1, 1, 1, 1]), {
      random: createRandom(1),
      resamples: 100,
    })
    expect(constant).toBeNull()
    expect(bootstrapInterval(1, meanOf([0.5]), { random: createRandom(1), resamples: 100 })).toBeNull()
    expect(() => bootstrapInterval(0, meanOf([]), { random: createRandom(1) })).toThrow(RangeError)
  })

  test('ends are ordered, finite and within the replicates for any numbers', () => {
    const numbers = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(numbers, fc.integer(), (values, seed) => {
        const interval = bootstrapInterval(values.length, meanOf(values), {
          random: createRandom(seed),
          resamples: 50,
        })
        if (interval === null) return
        expect(interval.lower).toBeLessThanOrEqual(interval.upper)
        expect(interval.lower).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12)
        expect(interval.upper).toBeLessThanOrEqual(Math.max(...values) + 1e-12)
      }),
    )
  })
})

/** The interval of any statistic of rows. */
function bootstrapInterval(
  rows: number,
  statistic: SampleStatistic,
  { confidence, ...options }: ResamplingOptions & { readonly confidence?: number },
): Interval | null {
  return bcaInterval(bootstrapFigures([sampleFigure(rows, statistic)], options)[0]!, confidence)
}

function meanOf(numbers: readonly number[]): SampleStatistic {
  return (rows) => rows.reduce((sum, row) => sum + (numbers[row] ?? 0), 0) / rows.length
}
