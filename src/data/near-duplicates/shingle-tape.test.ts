import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShingleTape } from './shingle-tape.ts'

const listsOf = (tape: ShingleTape): number[][] =>
  Array.from(tape.texts(), ({ shingles, count }) => Array.from(shingles.subarray(0, count)))

test('texts come back in their order, also those that are larger than a block', () => {
  const text = fc.oneof(
    fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 20 }),
    fc.integer({ min: 1, max: 400_000 }).map((length) => Array.from({ length }, (_, at) => at * length)),
  )
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
      using tape = new ShingleTape(256)
      // The buffer of a shingler has room for more.
      for (const numbers of texts)
        tape.add({ shingles: Int32Array.from([...numbers, 7, 7]), count: numbers.length })
      expect(tape.isWhole).toBe(true)
      expect(listsOf(tape)).toEqual(texts.map((numbers) => Array.from(Int32Array.from(numbers))))
    }),
    { numRuns: 8 },
  )
})

test('one text too much, and it holds nothing', () => {
  using tape = new ShingleTape(0.001)
  const shingles = Int32Array.from({ length: 124 }, (_, at) => at)
  tape.add({ shingles, count: 124 })
  tape.add({ shingles, count: 124 })
  expect(tape.isWhole).toBe(true)
  tape.add({ shingles, count: 1 })
  expect(tape.isWhole).toBe(false)
  tape.add({ shingles, count: 1 })
  expect(listsOf(tape)).toEqual([])
})
