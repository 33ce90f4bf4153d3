import { expect, test } from 'vitest'
import { halfToFloat, narrowBfloat16, narrowHalf, widenBfloat16, widenHalf } from './half-precision.ts'

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

test('every binary16 number is narrowed to itself, what lies between to the nearer, and ties to the even one', () => {
  const bits = Array.from({ length: 0x7c00 }, (_, index) => index)
  expect([...narrowHalf(halfToFloat.slice(0, 0x7c00))]).toEqual(bits)
  const between = (share: number): Float32Array =>
    Float32Array.from(bits.slice(0, -1), (each) => {
      const [low = 0, high = 0] = [halfToFloat[each], halfToFloat[each + 1]]
      return low + (high - low) * share
    })
  expect([...narrowHalf(between(0.25))]).toEqual(bits.slice(0, -1))
  expect([...narrowHalf(between(0.75))]).toEqual(bits.slice(1))
  expect([...narrowHalf(between(0.5))]).toEqual(bits.slice(0, -1).map((each) => each + (each % 2)))
  const edges = Float32Array.of(-0, 65_519, 65_520, -Infinity, Number.NaN, 2 ** -26)
  expect([...narrowHalf(edges)]).toEqual([0x8000, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0])
})

test('bfloat16 is narrowed to the nearest, ties to the even one', () => {
  const numbers = Float32Array.of(1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, -2, Infinity, Number.NaN)
  expect([...narrowBfloat16(numbers)]).toEqual([0x3f80, 0x3f80, 0x3f82, 0xc000, 0x7f80, 0x7fc0])
})
