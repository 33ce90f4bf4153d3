import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWeightedSums } from './weighted-sums.ts'

test('are those of each weighting alone, however many there are', () => {
  const shape = fc.record({
    units: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 5 }),
    weightings: fc.integer({ min: 0, max: 9 }),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  fc.assert(
    fc.property(shape, ({ units, width, weightings, seed }) => {
      const number = (at: number): number => ((seed * (at + 1)) % 7) - 2
      const sums = Float64Array.from({ length: units * width }, (_, at) => number(at))
      const given = Array.from({ length: weightings }, (_, which) =>
        Float64Array.from({ length: units }, (__, unit) => number(which * 31 + unit)),
      )
      const expected = given.map((weights) =>
        Float64Array.from({ length: width }, (_, place) =>
          weights.reduce((sum, weight, unit) => sum + weight * sums[place * units + unit]!, 0),
        ),
      )
      expect(createWeightedSums({ sums, width })(given)).toEqual(expected)
    }),
  )
})
