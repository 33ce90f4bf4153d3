import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { bcaInterval } from './bca-interval.ts'
import { binomialProbability } from './binomial-distribution.ts'
import { bootstrapFigures, differenceReplicates, standardError } from './bootstrap-figures.ts'
import { countsFigure } from './counts-figure.ts'
import { distinctRows } from './distinct-rows.ts'
import { drawBinomial } from './draw-binomial.ts'
import { evenWeights, groupUnits, rowUnits, type Figure, type SwappableFigure } from './figure.ts'
import { mcNemarTest } from './mcnemar-test.ts'
import { meanFigure } from './mean-figure.ts'
import { bootstrapTest, signFlipTest, swapTest } from './permutation-test.ts'
import { quantile } from './quantile.ts'
import { quantileFigure } from './quantile-figure.ts'
import { quantileInterval } from './quantile-interval.ts'
import { randomGroups } from './random-groups.ts'
import { summedFigure } from './summed-figure.ts'
import { wilsonInterval } from './wilson-interval.ts'

const long = process.env['HONE_TEST_LONG'] === '1'
if (!long) process.stderr.write('coverage and false alarms are not simulated: npm run test:long does that\n')

test.each([
  [5, 0.3],
  [40, 0.9],
  [1000, 0.004],
  [300, 0.4],
  [100_000, 0.2],
])('drawn binomial numbers of %d at %d are distributed as they should be', (n, p) => {
  const random = createRandom(`binomial ${n}`)
  const draws = 20_000
  const counts = new Map<number, number>()
  for (let at = 0; at < draws; at++) {
    const k = drawBinomial(random, n, p)
    counts.set(k, (counts.get(k) ?? 0) + 1)
  }
  // Pearson's chi-square over outcomes that are expected at least ten times.
  let [statistic, cells] = [0, 0]
  for (let k = 0; k <= n; k++) {
    const expected = draws * binomialProbability(k, n, p)
    if (expected < 10) continue
    statistic += ((counts.get(k) ?? 0) - expected) ** 2 / expected
    cells++
  }
  expect(cells).toBeGreaterThan(3)
  // Five standard deviations above its mean.
  expect(statistic).toBeLessThan(cells + 5 * Math.sqrt(2 * cells))
})

/** Close to a number, or no number as well. */
const near = (value: number, digits: number): unknown =>
  Number.isNaN(value) ? value : expect.closeTo(value, digits)

/** A figure that sums pairs of counts by hand: the share of the second among both, plus an amount. */
const share = (slots: readonly number[], amounts: readonly number[]): SwappableFigure =>
  countsFigure({
    width: 2,
    slots: [Int32Array.from(slots), Int32Array.from(slots, () => 1)],
    amounts: [Float64Array.from(amounts), Float64Array.from(slots, () => 1)],
    value: ([first = 0, second = 0]) => first / second,
  })

describe('every kind of figure', () => {
  const rows = fc.array(
    fc.record({
      value: fc.integer({ min: 0, max: 4 }),
      slot: fc.integer({ min: -1, max: 1 }),
      weight: fc.integer({ min: 0, max: 3 }),
      group: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 3, maxLength: 30 },
  )
  const kinds: Record<string, (row: { value: number; slot: number }[]) => Figure> = {
    mean: (list) => meanFigure(list.map(({ value }) => value)),
    'mean of some rows': (list) => meanFigure(list.map(({ value, slot }) => (slot < 0 ? Number.NaN : value))),
    median: (list) =>
      quantileFigure(
        list.map(({ value }) => value),
        0.5,
      ),
    'p95 of some rows': (list) =>
      quantileFigure(
        list.map(({ value, slot }) => (slot < 0 ? Number.NaN : value)),
        0.95,
      ),
    counts: (list) =>
      share(
        list.map(({ slot }) => slot),
        list.map(({ value }) => value),
      ),
  }

  test.each(Object.entries(kinds))('%s: a weight is as many copies of the row', (_, create) => {
    fc.assert(
      fc.property(rows, (list) => {
        const figure = create(list)
        const copies = Uint32Array.from(
          list.flatMap(({ weight }, row) => Array.from({ length: weight }, () => row)),
        )
        const weighted = figure.value(Float64Array.from(list, ({ weight }) => weight))
        const copied = figure.pick(copies)
        expect(weighted).toEqual(near(copied.value(evenWeights(copies.length)), 12))
      }),
    )
  })

  test.each(Object.entries(kinds))('%s: leaving a unit out is what it says', (_, create) => {
    fc.assert(
      fc.property(rows, (list) => {
        const figure = create(list)
        const units = groupUnits(list.map(({ group }) => group))
        const without = figure.leaveOut(evenWeights(list.length), units)
        without.forEach((value, unit) => {
          const weights = evenWeights(list.length)
          for (const row of units.rows.subarray(units.starts[unit], units.starts[unit + 1])) weights[row] = 0
          expect(value).toEqual(near(figure.value(weights), 9))
        })
      }),
    )
  })

  test.each(['mean', 'mean of some rows', 'counts'])(
    '%s: sums of units are the figure of their rows',
    (kind) => {
      fc.assert(
        fc.property(rows, (list) => {
          const figure = kinds[kind]!(list)
          const units = groupUnits(list.map(({ group }) => group))
          const summed = summedFigure(figure.gather!(units))
          const even = evenWeights(list.length)
          expect(summed.value(evenWeights(units.count))).toEqual(near(figure.value(even), 9))
          const without = summed.leaveOut(evenWeights(units.count), rowUnits(units.count))
          const expected = figure.leaveOut(even, units)
          expect([...without]).toEqual(Array.from(expected, (value) => near(value, 9)))
          const backwards = Uint32Array.from({ length: units.count }, (__, unit) => units.count - 1 - unit)
          expect(summed.pick(backwards).value(evenWeights(units.count))).toEqual(near(figure.value(even), 9))
        }),
      )
    },
  )

  test('a weighted quantile is the quantile', () => {
    const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, at) => {
        const expected = quantile(Float64Array.from(list).toSorted(), at)
        expect(quantileFigure(list, at).value(evenWeights(list.length))).toBeCloseTo(expected, 9)
      }),
    )
  })
})

test('slots that are no count, and columns of different length, are refused', () => {
  const counts = { width: 1, value: () => 0 }
  expect(() => countsFigure({ ...counts, slots: [Int32Array.of(1)] })).toThrow('no count 1 among 1')
  expect(() => countsFigure({ ...counts, slots: [Int32Array.of(0), Int32Array.of(0, 0)] })).toThrow(
    RangeError,
  )
})

test('rows of one kind are found, and too many kinds are said', () => {
  const columns = [Float64Array.of(1, 2, 1, Number.NaN, Number.NaN), Int32Array.of(0, 0, 0, 5, 5)]
  expect(distinctRows(columns, 5, 3)).toEqual({
    representatives: Uint32Array.of(0, 1, 3),
    multiplicities: Float64Array.of(2, 1, 2),
  })
  expect(distinctRows(columns, 5, 2)).toBeNull()
})

test('groups keep their rows together', () => {
  expect(groupUnits(['a', 'b', 'a', 'c'])).toEqual({
    count: 3,
    starts: Uint32Array.of(0, 2, 3, 4),
    rows: Uint32Array.of(0, 2, 1, 3),
  })
})

const fiftyOf = (values: readonly number[], seed: number): unknown =>
  bootstrapFigures([meanFigure(values)], { random: createRandom(seed), resamples: 50 })

const holds = (interval: ReturnType<typeof bcaInterval>, truth: number): number =>
  Number(interval !== null && interval.lower <= truth && truth <= interval.upper)

describe('bootstrap', () => {
  const random = createRandom('bootstrap')
  const right = Array.from({ length: 4000 }, () => Number(random.next() < 0.8))
  const other = right.map((value) => (random.next() < 0.1 ? 1 - value : value))

  test('drawing kinds of rows is drawing rows', () => {
    const figures = [meanFigure(right), meanFigure(other)]
    const options = { resamples: 4000 }
    const kinds = bootstrapFigures(figures, { ...options, random: createRandom(1) })
    const rows = bootstrapFigures(figures, { ...options, random: createRandom(2), units: rowUnits(4000) })
    expect(kinds[0]?.leftOut.length).toBe(2 * 2)
    expect(rows[0]?.leftOut.length).toBe(4000)
    const errors = [kinds, rows].map(([first, second]) =>
      standardError(differenceReplicates(first!, second!)),
    )
    expect(errors[0]! / errors[1]!).toBeCloseTo(1, 1)
    const intervals = [kinds, rows].map(([first]) => bcaInterval(first!)!)
    expect(intervals[0]!.lower).toBeCloseTo(intervals[1]!.lower, 2)
    expect(intervals[0]!.upper).toBeCloseTo(intervals[1]!.upper, 2)
    const wilson = wilsonInterval(right.filter((value) => value === 1).length, 4000)
    expect(intervals[0]!.lower).toBeCloseTo(wilson.lower, 2)
  })

  test('many rows that do not repeat are drawn in random groups, with the same spread', () => {
    const draw = createRandom('many')
    const values = Array.from({ length: 30_000 }, () => draw.next())
    const [grouped] = bootstrapFigures([meanFigure(values)], { random: draw, resamples: 1000 })
    expect(grouped?.leftOut.length).toBe(1000)
    const exact = Math.sqrt(1 / 12 / 30_000)
    expect(standardError(grouped!) / exact).toBeGreaterThan(0.9)
    expect(standardError(grouped!) / exact).toBeLessThan(1.1)
    const units = randomGroups(draw, 30_000)
    expect([...units.rows].toSorted((a, b) => a - b)).toEqual(values.map((_, row) => row))
  })

  test('the same seed gives the same numbers', () => {
    expect(fiftyOf(right, 1)).toEqual(fiftyOf(right, 1))
    expect(fiftyOf(right, 1)).not.toEqual(fiftyOf(right, 2))
  })

  test('no rows, and rows that differ in number, are refused', () => {
    const options = { random: createRandom(1) }
    expect(bootstrapFigures([], options)).toEqual([])
    expect(() => bootstrapFigures([meanFigure([])], options)).toThrow(RangeError)
    expect(() => bootstrapFigures([meanFigure([1]), meanFigure([1, 2])], options)).toThrow(RangeError)
  })

  test('groups of alike rows widen the interval', () => {
    const values = Array.from({ length: 40 }, (_, group) => group % 2).flatMap((value) =>
      Array(25).fill(value),
    )
    const groups = values.map((_, row) => Math.floor(row / 25))
    const width = (units: ReturnType<typeof groupUnits> | undefined): number => {
      const options = { random: createRandom(3), resamples: 1000, ...(units === undefined ? {} : { units }) }
      const { lower, upper } = bcaInterval(bootstrapFigures([meanFigure(values)], options)[0]!)!
      return upper - lower
    }
    expect(width(groupUnits(groups)) / width(undefined)).toBeGreaterThan(4)
  })

  test.runIf(long)('covers what it says, alone, in pairs and in groups', () => {
    const trials = 1000
    const covered = { mean: 0, difference: 0, groups: 0, median: 0 }
    for (let trial = 0; trial < trials; trial++) {
      const draw = random.fork(`coverage ${trial}`)
      const first = Array.from({ length: 80 }, () => draw.next() ** 2)
      const second = first.map((value) => value + 0.1 * draw.next())
      const resampling = { random: draw, resamples: 500 }
      const [a, b] = bootstrapFigures([meanFigure(first), meanFigure(second)], resampling)
      covered.mean += holds(bcaInterval(a!), 1 / 3)
      covered.difference += holds(bcaInterval(differenceReplicates(a!, b!)), 0.05)
      const centres = Array.from({ length: 50 }, () => draw.next())
      const grouped = centres.flatMap((centre) => [0, 1, 2, 3].map(() => centre + draw.next()))
      const units = groupUnits(grouped.map((_, row) => Math.floor(row / 4)))
      covered.groups += holds(
        bcaInterval(bootstrapFigures([meanFigure(grouped)], { ...resampling, units })[0]!),
        1,
      )
      covered.median += holds(
        quantileInterval(
          first.toSorted((x, y) => x - y),
          0.5,
        ),
        0.25,
      )
    }
    const shares = Object.entries(covered).map(([name, count]) => [name, count / trials] as const)
    expect(shares.filter(([, rate]) => rate < 0.925 || rate > 0.98)).toEqual([])
  })
})

describe('permutation tests', () => {
  const random = createRandom('permutation')

  test('a sample of sign flips is near all of them', () => {
    const differences = Float64Array.from({ length: 18 }, () => random.next() - 0.35)
    const all = signFlipTest(differences, { random })
    // The same numbers, three of them tiny and new: more than are tried exhaustively.
    const more = Float64Array.from([...differences, 1e-9, 1e-9, 1e-9])
    const some = signFlipTest(more, { random, permutations: 20_000 })
    expect([all.exact, some.exact]).toEqual([true, false])
    expect(some.pValue).toBeCloseTo(all.pValue, 1)
  })

  test('of right and wrong rows it is McNemar', () => {
    const differences = Float64Array.from({ length: 100 }, (_, row) => (row < 30 ? 1 : row < 45 ? -1 : 0))
    const sampled = signFlipTest(differences, { random, permutations: 40_000 })
    expect(sampled.pValue).toBeCloseTo(mcNemarTest(30, 15).pValue, 2)
    const figures = [0, 1].map((side) =>
      share(
        Array(100).fill(0),
        Array.from(differences, (value) => Number(side === 1 ? value > 0 : value < 0)),
      ),
    )
    const swapped = swapTest(figures[0]!, figures[1]!, { random, permutations: 40_000 })
    expect(swapped.pValue).toBeCloseTo(mcNemarTest(30, 15).pValue, 2)
    const single = groupUnits(Array.from(differences, (_, row) => row))
    const byUnits = swapTest(figures[0]!, figures[1]!, { random, permutations: 4000, units: single })
    expect(byUnits.pValue).toBeCloseTo(mcNemarTest(30, 15).pValue, 1)
  })

  test('many rows are swapped in random groups', () => {
    const draw = createRandom('many swaps')
    const amounts = Array.from({ length: 25_000 }, () => draw.next())
    const slots = amounts.map(() => 0)
    const noisy = share(
      slots,
      amounts.map((amount) => amount + 0.01 * (draw.next() - 0.5)),
    )
    const far = share(
      slots,
      amounts.map((amount) => amount + 0.01),
    )
    const first = share(slots, amounts)
    expect(swapTest(first, noisy, { random: draw, permutations: 200 }).pValue).toBeGreaterThan(0.01)
    expect(swapTest(first, far, { random: draw, permutations: 200 }).pValue).toBeLessThan(0.01)
    const noise = Float64Array.from(amounts, (amount) => amount - 0.5)
    const shifted = noise.map((value) => value + 0.02)
    expect(signFlipTest(noise, { random: draw, permutations: 200 }).pValue).toBeGreaterThan(0.01)
    expect(signFlipTest(shifted, { random: draw, permutations: 200 }).pValue).toBeLessThan(0.01)
  })

  test('nothing differs: nothing is shown', () => {
    expect(signFlipTest(new Float64Array(30), { random })).toEqual({ pValue: 1, exact: true })
    const figure = meanFigure([1, 2, 3])
    expect(swapTest(figure, figure, { random, permutations: 10 }).pValue).toBe(1)
    expect(bootstrapTest(new Float64Array(50))).toBe(1)
  })

  test.runIf(long)('false alarms are as rare as they should be', () => {
    const trials = 2000
    const alarms = Array.from({ length: trials }).filter(() => {
      const differences = Float64Array.from({ length: 30 }, () => random.next() - 0.5)
      return signFlipTest(differences, { random, permutations: 400 }).pValue <= 0.05
    }).length
    expect(alarms / trials).toBeLessThan(0.065)
    expect(alarms / trials).toBeGreaterThan(0.035)
  })
})
