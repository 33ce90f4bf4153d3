import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LengthTally } from './length-tally.ts'

const lengths = fc.array(fc.oneof(fc.nat(20), fc.nat(100_000)), { minLength: 1, maxLength: 200 })

function tallyOf(values: readonly number[]): LengthTally {
  const tally = new LengthTally()
  for (const value of values) tally.add(value)
  return tally
}

test('a summary is that of the sorted lengths', () => {
  fc.assert(
    fc.property(lengths, fc.nat(30_000), (values, limit) => {
      const sorted = values.toSorted((one, other) => one - other)
      const total = values.reduce((sum, value) => sum + value, 0)
      const tally = tallyOf(values)
      expect(tally.summary()).toEqual({
        count: values.length,
        total,
        mean: total / values.length,
        p50: sorted[Math.ceil(values.length * 0.5) - 1],
        p95: sorted[Math.ceil(values.length * 0.95) - 1],
        largest: sorted.at(-1),
      })
      const long = values.filter((value) => value > limit)
      expect(tally.beyond(limit)).toEqual({
        count: long.length,
        excess: long.reduce((sum, value) => sum + value - limit, 0),
      })
    }),
  )
})

test('the bars of a histogram adjoin and hold every length once', () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 30 }), (values, bars) => {
      const histogram = tallyOf(values).histogram(bars)
      expect(histogram.length).toBeGreaterThan(0)
      expect(histogram.length).toBeLessThanOrEqual(bars)
      for (const [at, { from, to, count }] of histogram.entries()) {
        expect(count).toBe(values.filter((value) => value >= from && value <= to).length)
        expect(from).toBe(at === 0 ? from : (histogram[at - 1]?.to ?? 0) + 1)
      }
      expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(values.length)
    }),
  )
})

test('no lengths have no bars and no quantiles', () => {
  expect(new LengthTally().histogram()).toEqual([])
  expect(new LengthTally().summary()).toEqual({ count: 0, total: 0, mean: 0, p50: 0, p95: 0, largest: 0 })
})
