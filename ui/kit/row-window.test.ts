import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { reusedRows, rowWindow, type ReusedRows } from './row-window.ts'

test('rows that fit lie where they are', () => {
  const { bodyHeight, top, first, last, place } = rowWindow(100, 28, { height: 280, scrolled: 560 })
  expect({ bodyHeight, top, first, last, place: place(20) }).toEqual({
    bodyHeight: 2800,
    top: 20,
    first: 12,
    last: 39,
    place: 560,
  })
})

test('a hundred million rows fit into what browsers draw, and both ends are reached', () => {
  for (const count of [600_000, 1_000_000, 100_000_000]) {
    const size = { height: 500, scrolled: 0 }
    const { bodyHeight } = rowWindow(count, 28, size)
    expect(bodyHeight).toBeLessThan(17_000_000)
    expect(rowWindow(count, 28, size).top).toBe(0)
    const end = rowWindow(count, 28, { height: 500, scrolled: bodyHeight - 500 })
    expect(end.last).toBe(count - 1)
    // The last row ends where the body ends.
    expect(end.place(count - 1) + 28).toBeCloseTo(bodyHeight, 0)
  }
})

test('a row that is scrolled to is seen whole', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, share) => {
        const index = Math.floor(share * (count - 1))
        const { scrollFor, bodyHeight } = rowWindow(count, 28, { height: 500, scrolled: 0 })
        // Browsers round scroll positions, and none lies beyond the end.
        const scrolled = Math.max(0, Math.min(Math.round(scrollFor(index)), bodyHeight - 500))
        const window = rowWindow(count, 28, { height: 500, scrolled })
        const place = window.place(index) - scrolled
        expect(window.first).toBeLessThanOrEqual(index)
        expect(window.last).toBeGreaterThanOrEqual(index)
        expect(place).toBeGreaterThan(-28)
        expect(place).toBeLessThanOrEqual(500)
      },
    ),
  )
})

const keys = ({ first, last, shift }: ReusedRows): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at - shift)

test('rows that stay keep their elements, and after a jump all elements are used again in their order', () => {
  const start = { first: 0, last: 9, shift: 0 }
  const further = reusedRows(start, { first: 3, last: 12 })
  expect(keys(further)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  const jumped = reusedRows(further, { first: 500, last: 509 })
  expect(keys(jumped)).toEqual(keys(further))
  expect(keys(reusedRows(jumped, { first: 498, last: 507 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(keys(reusedRows(jumped, { first: 0, last: 4 }))).toEqual([3, 4, 5, 6, 7])
  // Drawn twice, a window is the same.
  expect(reusedRows(jumped, { first: 500, last: 509 })).toEqual(jumped)
})
