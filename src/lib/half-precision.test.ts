import { expect, test } from 'vitest'
import { halfToFloat, widenBfloat16, widenHalf } from './half-precision.ts'

test('the edges of binary16', () => {
  const cases: [number, number][] = [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3c00, 1],
    [0x3c01, 1 + 2 ** -10],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, Number.NaN],
  ]
  expect(cases.map(([bits]) => halfToFloat[bits])).toEqual(cases.map(([, value]) => value))
})

test('widening writes one number for each pattern', () => {
  const half = new Float32Array(3)
  widenHalf(Uint16Array.of(0x3c00, 0xc000, 0x3800), half)
  expect([...half]).toEqual([1, -2, 0.5])

  const brain = new Float32Array(4)
  widenBfloat16(Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x8000), brain)
  expect([...brain]).toEqual([1, -2, Infinity, -0])
})
