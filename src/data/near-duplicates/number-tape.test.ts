import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberTape } from './number-tape.ts'

const listsOf = (tape: NumberTape): number[][] => Array.from(tape.lists(), (list) => Array.from(list))

test('lists come back in their order, also those that are larger than a block', () => {
  const list = fc.oneof(
    fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 20 }),
    fc.integer({ min: 1, max: 400_000 }).map((length) => Array.from({ length }, (_, at) => at * length)),
  )
  fc.assert(
    fc.property(fc.array(list, { maxLength: 8 }), (lists) => {
      using tape = new NumberTape(256)
      // What holds them has room for more.
      for (const numbers of lists) tape.add(Int32Array.from([...numbers, 7, 7]), numbers.length)
      expect(tape.isWhole).toBe(true)
      expect(listsOf(tape)).toEqual(lists.map((numbers) => Array.from(Int32Array.from(numbers))))
    }),
    { numRuns: 8 },
  )
})

test('one list too much, and it holds nothing', () => {
  using tape = new NumberTape(0.001)
  const numbers = Int32Array.from({ length: 124 }, (_, at) => at)
  tape.add(numbers, 124)
  tape.add(numbers, 124)
  expect(tape.isWhole).toBe(true)
  tape.add(numbers, 1)
  expect(tape.isWhole).toBe(false)
  tape.add(numbers, 1)
  expect(listsOf(tape)).toEqual([])
})
