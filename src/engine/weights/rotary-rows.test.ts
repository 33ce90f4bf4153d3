import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rotaryInterleave, undoRotaryInterleave } from './rotary-rows.ts'

/** `permute` of llama.cpp's convert_hf_to_gguf.py: reshape(heads, 2, half, …).swapaxes(1, 2). */
function interleave(rows: Float32Array, heads: number, columns: number): Float32Array {
  const half = rows.length / columns / heads / 2
  const out = new Float32Array(rows.length)
  let to = 0
  for (let head = 0; head < heads; head++) {
    for (let index = 0; index < half; index++) {
      for (let part = 0; part < 2; part++) {
        const from = (head * 2 * half + part * half + index) * columns
        out.set(rows.subarray(from, from + columns), to)
        to += columns
      }
    }
  }
  return out
}

test('one head of four rows', () => {
  const stored = Float32Array.of(0, 2, 1, 3)
  expect([...undoRotaryInterleave(stored, 1, 1)]).toEqual([0, 1, 2, 3])
})

test('it undoes what the converter does, for any shape', () => {
  const sizes = fc.record({
    heads: fc.integer({ min: 1, max: 5 }),
    half: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 4 }),
  })
  fc.assert(
    fc.property(sizes, ({ heads, half, columns }) => {
      const rows = Float32Array.from({ length: heads * 2 * half * columns }, (_, index) => index)
      expect(undoRotaryInterleave(interleave(rows, heads, columns), heads, columns)).toEqual(rows)
      expect(rotaryInterleave(rows, heads, columns)).toEqual(interleave(rows, heads, columns))
    }),
  )
})
