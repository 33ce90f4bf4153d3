import { describe, expect, test } from 'vitest'
import { exactSignTest } from '../statistics/exact-sign-test.ts'
import { tangoInterval } from '../statistics/tango-interval.ts'
import { wilsonInterval } from '../statistics/wilson-interval.ts'
import { sampleEvaluation } from '../testing/sample-evaluation.ts'
import { sampleTable } from '../testing/sample-table.ts'
import { aboutUp, compareFigure } from './compare-figure.ts'
import { compareTable, listFlips } from './compare-table.ts'
import { figureEvidence, scoreFigure } from './figure-evidence.ts'
import type { RowColumn, RowTable } from './row-table.ts'

const settings = { resamples: 500 }

/** A table of one figure. */
function tableOf(columns: Readonly<Record<string, RowColumn>>, more: Partial<RowTable> = {}): RowTable {
  const [first] = Object.values(columns)
  const rows = first !== undefined && 'values' in first ? first.values.length : 0
  return {
    ids: Array.from({ length: rows }, (_, row) => `row ${row}`),
    figures: [{ id: 'f', title: 'F', format: 'percent', better: 'higher' }],
    candidates: Object.entries(columns).map(([id, f]) => ({ id, columns: { f } })),
    ...more,
  }
}
const proportion = (values: readonly number[]): RowColumn => ({ kind: 'proportion', values })
const of = (count: number, value: number): number[] => Array.from({ length: count }, () => value)

const mean = (values: readonly number[]): RowColumn => ({ kind: 'mean', values })
const share = (values: readonly number[]): RowColumn => ({
  kind: 'sample',
  rows: values.length,
  statistic: (rows) => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length,
})
const repeat = (values: readonly number[]): number[] => values.flatMap((value) => of(20, value))

const verdictOf = (before: readonly number[], after: readonly number[]) =>
  compareTable(tableOf({ a: proportion(before), b: proportion(after) }), 'b', settings).differences[0]!

describe('a table of candidates', () => {
  const table = sampleTable()
  const { scores, differences } = compareTable(table, 'tuned', settings)

  test('has every figure with its interval', () => {
    expect(scores.map(({ figure, candidate }) => `${figure} of ${candidate}`)).toHaveLength(5 * 3)
    for (const { value, interval, figure } of scores.filter((score) => score.figure !== 'tokens')) {
      expect([figure, interval!.lower < value && value < interval!.upper]).toEqual([figure, true])
    }
    expect(scores.filter(({ figure }) => figure === 'tokens').map(({ interval }) => interval)).toEqual([
      null,
      null,
      null,
    ])
    const accuracy = table.candidates[0]!.columns['accuracy']!
    const right = 'values' in accuracy ? Array.from(accuracy.values).filter((value) => value === 1).length : 0
    expect(scores[0]).toMatchObject({ value: right / 600, interval: wilsonInterval(right, 600), rows: 600 })
  })

  test('has every difference with interval, test, effect and verdict', () => {
    expect(
      differences.map(({ figure, baseline, test: { name }, verdict }) => [figure, baseline, name, verdict]),
    ).toEqual([
      ['accuracy', 'base', 'mcnemar', 'better'],
      ['accuracy', 'few-shot', 'mcnemar', 'better'],
      ['macro-f1', 'base', 'permutation', 'better'],
      ['macro-f1', 'few-shot', 'permutation', 'better'],
      ['token-f1', 'base', 'permutation', 'better'],
      ['token-f1', 'few-shot', 'permutation', 'better'],
      ['latency-p95', 'base', 'bootstrap', 'better'],
      ['latency-p95', 'few-shot', 'bootstrap', 'better'],
      ['tokens', 'base', 'permutation', 'better'],
      ['tokens', 'few-shot', 'permutation', 'better'],
    ])
    const [accuracy] = differences
    const { gained, lost } = accuracy!.flips!
    expect(accuracy).toMatchObject({ pairs: 600, interval: tangoInterval(gained, lost, 600) })
    expect(accuracy!.test.pValue).toBe(exactSignTest(gained, lost))
    expect(accuracy!.adjustedP).toBeGreaterThan(accuracy!.test.pValue)
    expect(accuracy!.effects.map(({ name }) => name)).toEqual(['cohens-h', 'odds-ratio'])
    expect(accuracy!.sentence).toMatch(
      /^accuracy: tuned beats base by \d+\.\d points \(95 % interval \d+\.\d to \d+\.\d points, McNemar p < 0\.001, 600 rows\)\.$/,
    )
    expect(differences[6]!.value).toBeLessThan(0)
    expect(differences[6]!.sentence).toMatch(
      /^latency p95: tuned beats base by \d+ ms \(95 % interval −\d+ ms to −\d+ ms/,
    )
    expect(differences[8]!.sentence).toContain('beats base by 130 (all rows alike')
  })

  test('is the same for the same seed', () => {
    expect(compareTable(table, 'tuned', settings)).toEqual({ scores, differences })
    expect(compareTable(table, 'tuned', { ...settings, seed: 1 })).not.toEqual({ scores, differences })
  })

  test('turned around, it is worse', () => {
    const back = compareTable(table, 'base', settings).differences.filter(
      ({ baseline }) => baseline === 'tuned',
    )
    expect(back.map(({ verdict }) => verdict)).toEqual(of(5, 0).map(() => 'worse'))
    expect(back[0]!.value).toBeCloseTo(-differences[0]!.value, 14)
    expect(back[0]!.interval!.lower).toBeCloseTo(-differences[0]!.interval!.upper, 12)
    expect(back[2]!.sentence).toContain('tuned by')
    expect(back[2]!.sentence).toContain('loses to')
  })

  test('lists the rows that changed', () => {
    const flips = listFlips(table, 'accuracy', 'base', 'tuned')
    const { gained, lost } = differences[0]!.flips!
    expect(flips.filter(({ change }) => change === 'gained')).toHaveLength(gained)
    expect(flips.filter(({ change }) => change === 'lost')).toHaveLength(lost)
    expect(flips[0]).toMatchObject({ id: expect.stringMatching(/^row \d+$/), before: expect.any(Number) })
    const slower = listFlips(table, 'latency-p95', 'base', 'few-shot')
    expect(slower[0]).toMatchObject({ change: 'lost' })
    expect(listFlips(table, 'macro-f1', 'base', 'tuned')).toEqual([])
  })

  test('of right and wrong rows agrees with the evaluation of a run', () => {
    const evaluation = sampleEvaluation()
    const columns = Object.fromEntries(
      evaluation.candidates.map(({ id, rows }) => [
        id,
        proportion(rows.map(({ correct }) => Number(correct))),
      ]),
    )
    const evidence = figureEvidence(tableOf(columns), 'f')
    const [comparison] = evaluation.comparisons
    const difference = compareFigure(evidence, comparison!.baseline, comparison!.challenger)
    expect(difference.interval).toEqual(comparison!.differences[0]!.interval)
    expect(difference.test.pValue).toBe(comparison!.differences[0]!.test.pValue)
    expect(difference.flips).toEqual(comparison!.flips)
  })
})

const alikeRows = (rows: number) =>
  compareTable(tableOf({ a: mean(of(rows, 0.1)), b: mean(of(rows, 0.4)) }), 'b', settings).differences[0]!

describe('verdicts', () => {
  test('few rows are not enough, and how many more are needed is said', () => {
    const { verdict, moreRows, sentence } = verdictOf(
      [...of(10, 0), ...of(10, 1)],
      [...of(9, 0), ...of(11, 1)],
    )
    expect(verdict).toBe('not enough rows')
    expect(moreRows).toBeGreaterThan(20)
    expect(sentence).toMatch(
      /differ by 5\.0 points, which may be chance .*; about [\d,]+ more rows would probably show 5\.0 points\.$/,
    )
  })

  test('many rows without a difference show that there is none that matters', () => {
    const values = Array.from({ length: 5000 }, (_, row) => row % 2)
    const other = values.map((value, row) => (row < 40 ? 1 - value : value))
    expect(verdictOf(values, other)).toMatchObject({ verdict: 'no difference shown', moreRows: 0 })
    expect(verdictOf(values, values)).toMatchObject({ verdict: 'no difference shown', test: { pValue: 1 } })
  })

  test('rows that are all alike say something when there are enough', () => {
    expect(alikeRows(8).verdict).toBe('not enough rows')
    expect(alikeRows(100)).toMatchObject({ verdict: 'better', interval: null })
  })

  test('p-values are adjusted for the number of comparisons', () => {
    const before = [...of(9, 0), ...of(91, 1)]
    const after = [...of(2, 0), ...of(98, 1)]
    expect(verdictOf(before, after)).toMatchObject({
      verdict: 'better',
      test: { pValue: expect.closeTo(2 / 2 ** 7, 12) },
    })
    const noise = Object.fromEntries(
      [1, 2, 3, 4].map((at) => [
        `same ${at}`,
        proportion(after.map((value, row) => (row === at ? 1 - value : value))),
      ]),
    )
    const table = tableOf({ a: proportion(before), ...noise, b: proportion(after) })
    const [first] = compareTable(table, 'b', settings).differences
    expect(first!.adjustedP).toBeCloseTo((5 * 2) / 2 ** 7, 14)
    expect(first!.verdict).toBe('not enough rows')
  })
})

describe('rows that were not measured, and groups', () => {
  const nan = Number.NaN

  test('count for nothing, and only rows of both are compared', () => {
    const table = tableOf({
      a: proportion([1, 1, 0, nan, 0, nan]),
      b: proportion([1, nan, 1, 1, 1, nan]),
    })
    const evidence = figureEvidence(table, 'f', settings)
    expect(scoreFigure(evidence, 'a')).toMatchObject({ value: 0.5, rows: 4 })
    expect(compareFigure(evidence, 'a', 'b')).toMatchObject({
      pairs: 3,
      before: 1 / 3,
      after: 1,
      flips: { gained: 2, lost: 0 },
    })
  })

  test('nothing measured is said', () => {
    const evidence = figureEvidence(tableOf({ a: proportion([1, nan]), b: proportion([nan, nan]) }), 'f')
    expect(scoreFigure(evidence, 'b')).toMatchObject({ value: nan, rows: 0, interval: null })
    expect(compareFigure(evidence, 'a', 'b')).toMatchObject({
      pairs: 0,
      test: { pValue: 1 },
      moreRows: Infinity,
    })
    const table = tableOf({ a: proportion([1, nan]), b: proportion([nan, nan]) })
    expect(compareTable(table, 'b').differences[0]!.sentence).toContain('on no row together')
  })

  test('alike rows of a group count as one', () => {
    const columns = {
      a: proportion(repeat([1, 0, 1, 0, 0, 1, 0, 1])),
      b: proportion(repeat([1, 1, 1, 0, 1, 1, 0, 1])),
    }
    const alone = compareTable(tableOf(columns), 'b', settings).differences[0]!
    const groups = Array.from({ length: 160 }, (_, row) => `patient ${Math.floor(row / 20)}`)
    const grouped = compareTable(tableOf(columns, { groups }), 'b', settings).differences[0]!
    expect(alone.verdict).toBe('better')
    expect(grouped).toMatchObject({
      verdict: 'not enough rows',
      test: { name: 'permutation', pValue: 0.5, exact: true },
    })
  })

  test('figures of every kind can be grouped', () => {
    const { scores, differences } = compareTable(sampleTable(300, 5), 'tuned', { resamples: 200 })
    expect(
      scores.filter(({ interval }) => interval !== null).map(({ interval }) => interval!.method),
    ).toEqual(of(12, 0).map(() => 'bca'))
    expect(differences).toHaveLength(10)
  })
})

test('a statistic of rows can be a figure', () => {
  const before = Array.from({ length: 60 }, (_, row) => row % 2)
  const after = before.map((value, row) => (row < 20 ? 1 : value))
  const ids = before.map((_, row) => `row ${row}`)
  const [sample] = compareTable(
    tableOf({ a: share(before), b: share(after) }, { ids }),
    'b',
    settings,
  ).differences
  const [same] = compareTable(tableOf({ a: mean(before), b: mean(after) }), 'b', settings).differences
  expect(sample).toMatchObject({ value: same!.value, test: { name: 'bootstrap' }, verdict: 'better' })
  expect(sample!.interval!.lower).toBeCloseTo(same!.interval!.lower, 1)
})

test.each([
  ['a figure', () => figureEvidence(sampleTable(10), 'acuracy'), 'did you mean "accuracy"?'],
  ['a candidate', () => compareTable(sampleTable(10), 'turned'), 'did you mean "tuned"?'],
  [
    'a candidate of a figure',
    () => scoreFigure(figureEvidence(sampleTable(10), 'tokens'), 'x'),
    'there are: base, few-shot, tuned',
  ],
])('%s that is not there is refused', (_, act, hint) => {
  expect(act).toThrow(expect.objectContaining({ code: 'E_CONFIG', hint }))
})

test.each([
  ['kinds', tableOf({ a: proportion([1]), b: { kind: 'mean', values: [1] } })],
  ['rows', tableOf({ a: proportion([1]), b: proportion([1, 0]) })],
  ['groups', tableOf({ a: proportion([1]) }, { groups: ['x', 'y'] })],
])('columns that differ in %s are refused', (_, table) => {
  expect(() => figureEvidence(table, 'f')).toThrow(RangeError)
})

test('about so many', () => {
  expect([3, 10, 57, 123, 4501, 99_001, Infinity].map(aboutUp)).toEqual([
    3,
    10,
    57,
    130,
    4600,
    100_000,
    Infinity,
  ])
})

test('the number of missing rows is said of the difference that it is for', () => {
  // Five groups that all got better are too few to tell; a difference of this size needs no more rows.
  const groups = Array.from({ length: 50 }, (_, row) => `group ${row % 5}`)
  const half = Array.from({ length: 50 }, (_, row) => (row % 10 < 6 ? 1 : 0))
  const grouped = tableOf({ base: proportion(half), tuned: proportion(of(50, 1)) }, { groups })
  const [few] = compareTable(grouped, 'tuned', settings).differences
  expect(few).toMatchObject({ verdict: 'not enough rows', groups: 5 })
  expect(few!.sentence).toMatch(
    / differ by 40\.0 points, .*; about [\d,]+ more rows would probably show 2\.0 points\.$/,
  )
  const [one] = compareTable(tableOf({ base: mean([0]), tuned: mean([1]) }), 'tuned', settings).differences
  expect(one!.sentence).toMatch(/; fewer than 30 that are all alike say little\.$/)
  const single = tableOf({ base: proportion([0]), tuned: proportion([1]) })
  const [all] = compareTable(single, 'tuned', settings).differences
  expect(all!.sentence).toMatch(/; about 3 more rows would probably show 100\.0 points\.$/)
})
