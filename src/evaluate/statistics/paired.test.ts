import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { minstd } from '../testing/minstd.ts'
import { bcaInterval } from './bca-interval.ts'
import { binomialCdf, binomialProbability, binomialSurvival } from './binomial-distribution.ts'
import { bootstrapFigures, differenceReplicates } from './bootstrap-figures.ts'
import { clopperPearsonInterval } from './clopper-pearson-interval.ts'
import { countsFigure } from './counts-figure.ts'
import { cliffsDelta, cohensH, discordantOddsRatio, pairedD } from './effect-size.ts'
import { groupUnits, type Figure } from './figure.ts'
import { holm } from './holm.ts'
import { mcNemarTest } from './mcnemar-test.ts'
import { meanFigure } from './mean-figure.ts'
import { bootstrapNonInferiority, proportionNonInferiority } from './non-inferiority.ts'
import { signFlipTest } from './permutation-test.ts'
import { quantileInterval } from './quantile-interval.ts'
import { allSucceed, anySucceeds } from './repeated-success.ts'
import { detectableDifference, detectableShare, pairsNeeded, rowsNeeded } from './sample-size.ts'

interface Golden {
  readonly binomial: readonly [number, number, number, number, number, number][]
  readonly clopperPearson: readonly [number, number, number, number, number][]
  readonly mcnemar: readonly [number, number, number, number][]
  readonly signFlip: readonly [number[], number][]
  readonly cohensH: readonly [number, number, number][]
  readonly cliffsDelta: readonly [number[], number[], number][]
  readonly pairedD: readonly [number[], number]
  readonly holm: readonly [number[], number[]][]
  readonly sampleSizes: readonly [number, number, number, number, number, number][]
  readonly powers: readonly [number, number, number, number][]
  readonly nonInferiority: readonly [number, number, number, number, number][]
  readonly quantiles: readonly [number, number, number, [number, number] | null][]
  readonly repeated: readonly [number, number, number, number, number][]
  readonly bootstraps: {
    readonly truth: readonly number[]
    readonly answers: readonly [readonly number[], readonly number[]]
    readonly scores: readonly [readonly number[], readonly number[]]
    readonly groups: readonly number[]
    readonly resamples: number
  } & Record<
    'mean' | 'meanDifference' | 'microF1' | 'clusteredMean' | 'clusteredMicroF1Difference',
    readonly [number, number]
  >
}
const golden: Golden = JSON.parse(readFileSync(new URL('./fixtures/paired.json', import.meta.url), 'utf8'))

/** As `numbers` of the golden script. */
function numbers(count: number, seed: number): number[] {
  const random = minstd(seed)
  return Array.from({ length: count }, () => (random.integer(1000) / 1000) ** 2)
}

const relative = (actual: number, expected: number): number =>
  Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300)

const near = ([lower, upper]: readonly [number, number], digits = 11): unknown =>
  expect.objectContaining({ lower: expect.closeTo(lower, digits), upper: expect.closeTo(upper, digits) })

test('there are goldens of everything', () => {
  const lists = Object.entries(golden).filter(([, cases]) => Array.isArray(cases))
  expect(lists.length).toBeGreaterThan(11)
  expect(lists.filter(([, cases]) => Reflect.get(cases, 'length') < 2)).toEqual([])
})

describe('against SciPy and statsmodels', () => {
  test.each(golden.binomial)('binomial %d of %d at %d', (k, n, p, probability, cdf, survival) => {
    expect(relative(binomialProbability(k, n, p), probability)).toBeLessThan(1e-11)
    expect(relative(binomialCdf(k, n, p), cdf)).toBeLessThan(1e-11)
    expect(relative(binomialSurvival(k, n, p), survival)).toBeLessThan(1e-11)
  })

  test.each(golden.clopperPearson)('Clopper–Pearson %d of %d at %d', (k, n, level, lower, upper) => {
    const interval = clopperPearsonInterval(k, n, level)
    expect(interval.lower).toBeCloseTo(lower, 11)
    expect(interval.upper).toBeCloseTo(upper, 11)
  })

  test.each(golden.mcnemar)('McNemar %d gained, %d lost', (gained, lost, exact, middle) => {
    const result = mcNemarTest(gained, lost)
    expect(relative(result.pValue, exact)).toBeLessThan(1e-9)
    expect(relative(result.midP, middle)).toBeLessThan(1e-9)
    expect(mcNemarTest(lost, gained)).toEqual(result)
  })

  test.each(golden.signFlip)('sign flips of %j', (differences, pValue) => {
    const result = signFlipTest(Float64Array.from(differences), { random: createRandom(1) })
    expect(result.exact).toBe(true)
    expect(result.pValue).toBeCloseTo(pValue, 12)
  })

  test.each(golden.cohensH)("Cohen's h from %d to %d", (first, second, h) => {
    expect(cohensH(first, second)).toBeCloseTo(h, 13)
  })

  test.each(golden.cliffsDelta)("Cliff's delta of %j and %j", (first, second, delta) => {
    expect(cliffsDelta(first, second)).toBeCloseTo(delta, 12)
    expect(cliffsDelta(second, first)).toBeCloseTo(-delta, 12)
  })

  test('paired d', () => {
    const [differences, d] = golden.pairedD
    expect(pairedD(Float64Array.from(differences))).toBeCloseTo(d, 12)
    expect(pairedD(Float64Array.of(0.1, 0.1, 0.1))).toBeNaN()
  })

  test.each(golden.holm)('Holm of %j', (pValues, adjusted) => {
    holm(pValues).forEach((value, at) => expect(value).toBeCloseTo(adjusted[at]!, 14))
  })

  test.each(golden.sampleSizes)(
    'rows for %d with %d discordant at %d and power %d',
    (difference, discordant, confidence, power, pairs, rows) => {
      const options = { confidence, power }
      expect(relative(pairsNeeded(difference, discordant, options), pairs)).toBeLessThan(1e-12)
      expect(relative(rowsNeeded(difference, discordant, options), rows)).toBeLessThan(1e-12)
      expect(detectableShare(pairs, discordant, options)).toBeCloseTo(difference, 9)
      expect(detectableDifference(rows, discordant, options)).toBeCloseTo(difference, 9)
    },
  )

  test.each(golden.powers)(
    'McNemar finds %d with %d discordant in %d pairs about 80 times in 100',
    (difference, discordant, pairs, power) => {
      expect(Math.ceil(pairsNeeded(difference, discordant))).toBe(pairs)
      // The exact test is a little below the formula, which is that of the uncorrected one.
      expect(power).toBeGreaterThan(0.74)
      expect(power).toBeLessThan(0.82)
    },
  )

  test.each(golden.nonInferiority)(
    'non-inferiority of %d gained, %d lost of %d by %d',
    (gained, lost, pairs, margin, pValue) => {
      expect(proportionNonInferiority(gained, lost, pairs, margin)).toBeCloseTo(pValue, 8)
    },
  )

  test.each(golden.quantiles)(
    'interval of a quantile of %d numbers, %d at %d',
    (count, share, level, ends) => {
      const sorted = numbers(count, 9).toSorted((a, b) => a - b)
      const interval = quantileInterval(sorted, share, level)
      const expected = ends === null ? null : near(ends, 12)
      expect(interval).toEqual(expected)
    },
  )

  test.each(golden.repeated)('%d of %d tries, %d of them', (successes, tries, k, all, any) => {
    expect(allSucceed(successes, tries, k)).toBeCloseTo(all, 13)
    expect(anySucceeds(successes, tries, k)).toBeCloseTo(any, 13)
  })
})

test('tries that cannot be drawn are refused', () => {
  expect(() => allSucceed(1, 2, 3)).toThrow(RangeError)
  expect(() => allSucceed(3, 2, 1)).toThrow(RangeError)
  expect(() => anySucceeds(1, 2, 0)).toThrow(RangeError)
})

test('the odds of discordant rows', () => {
  expect(discordantOddsRatio(0, 0)).toEqual({ value: Number.NaN, interval: null })
  expect(discordantOddsRatio(5, 0)).toMatchObject({ value: Infinity, interval: { upper: Infinity } })
  const { value, interval } = discordantOddsRatio(12, 3)
  const share = clopperPearsonInterval(12, 15)
  expect(value).toBe(4)
  expect(interval?.lower).toBeCloseTo(share.lower / (1 - share.lower), 12)
})

test('replicates on the wrong side of the margin', () => {
  expect(bootstrapNonInferiority(Float64Array.of(-0.03, -0.01, 0.02, Number.NaN), 0.02)).toBe(2 / 4)
})

/** Micro-F1 by hits, rows and answers, over all labels. */
function microF1(truth: readonly number[], given: readonly number[]): Figure {
  return countsFigure({
    width: 3,
    slots: [
      Int32Array.from(truth, (label, row) => (label === given[row] ? 0 : -1)),
      Int32Array.from(truth, () => 1),
      Int32Array.from(given, () => 2),
    ],
    value: ([hits = 0, rows = 0, answers = 0]) => (2 * hits) / (rows + answers),
  })
}

describe('bootstrap of figures, on the same resamples as SciPy', () => {
  const { truth, answers, scores, groups, resamples } = golden.bootstraps
  const units = groupUnits(groups)
  /** The group of every row is itself, which keeps the resampling to rows, as SciPy does. */
  const single = groupUnits(truth.map((_, row) => row))
  const run = (figures: readonly Figure[], drawn = single) =>
    bootstrapFigures(figures, { random: minstd(5), resamples, units: drawn })

  test('mean and its paired difference', () => {
    const [first, second] = run([meanFigure(scores[0]), meanFigure(scores[1])])
    expect(bcaInterval(second!)).toEqual(near(golden.bootstraps.mean))
    expect(bcaInterval(differenceReplicates(first!, second!))).toEqual(near(golden.bootstraps.meanDifference))
  })

  test('sums of counts', () => {
    const [f1] = run([microF1(truth, answers[1])])
    expect(bcaInterval(f1!)).toEqual(near(golden.bootstraps.microF1))
  })

  test('groups drawn as a whole', () => {
    const [mean] = run([meanFigure(scores[1])], units)
    expect(bcaInterval(mean!)).toEqual(near(golden.bootstraps.clusteredMean))
    const [first, second] = run([microF1(truth, answers[0]), microF1(truth, answers[1])], units)
    const interval = bcaInterval(differenceReplicates(first!, second!))
    expect(interval).toEqual(near(golden.bootstraps.clusteredMicroF1Difference))
  })
})
