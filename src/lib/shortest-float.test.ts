import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { shortestFloat } from './shortest-float.ts'

test.each([1e-5, 1e-6, 0.1, 100_000, 500_000, 0, 1 / 3])('%d survives a file of 32-bit floats', (value) => {
  const expected = value === 1 / 3 ? 0.33333334 : value
  expect(shortestFloat(Math.fround(value))).toBe(expected)
})

test('the result is the same 32-bit float', () => {
  fc.assert(
    fc.property(fc.float(), (value) => {
      expect(Math.fround(shortestFloat(value))).toBe(value)
    }),
  )
})
