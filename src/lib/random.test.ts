import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../core/errors.ts'
import { createRandom, restoreRandom, type Random } from './random.ts'

const draws = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.next())

describe('createRandom', () => {
  test('gives the numbers of the reference implementation', () => {
    // Output of xoshiro128starstar.c with the state {1, 2, 3, 4}.
    const reference = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]
    const random = restoreRandom({ key: '0'.repeat(64), words: [1, 2, 3, 4] })
    expect(reference.map(() => random.integer(2 ** 32))).toEqual(reference)
  })

  test('keeps its numbers for ever: a seed in a manifest must reproduce the run', () => {
    const random = createRandom(7)
    expect([1, 2, 3, 4, 5].map(() => random.integer(1000))).toEqual([866, 699, 240, 83, 209])
    expect(createRandom('seven').next()).toBe(0.3127438932518829)
    expect(createRandom(7).fork('split').shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([1, 6, 4, 2, 3, 7, 5, 0])
  })

  test('the number 7 and the text "7" are two seeds, 0 and -0 are one', () => {
    expect(createRandom(7).next()).not.toBe(createRandom('7').next())
    expect(createRandom(0).next()).toBe(createRandom(-0).next())
  })

  test('a fork depends on the names only and not on the numbers drawn before', () => {
    const fresh = createRandom(7)
    const used = createRandom(7)
    draws(used, 100)
    expect(draws(used.fork('a'), 5)).toEqual(draws(fresh.fork('a'), 5))
    expect(draws(fresh.fork('a'), 5)).not.toEqual(draws(fresh.fork('b'), 5))
    expect(draws(fresh.fork('a').fork('b'), 5)).not.toEqual(draws(fresh.fork('b').fork('a'), 5))
  })

  test('a saved state continues where it was, forks included', () => {
    const random = createRandom('x')
    draws(random, 17)
    const restored = restoreRandom(JSON.parse(JSON.stringify(random.state())))
    expect(draws(restored, 20)).toEqual(draws(random, 20))
    expect(restored.fork('y').next()).toBe(random.fork('y').next())
  })

  test.each([
    { key: 'short', words: [1, 2, 3, 4] },
    { key: '0'.repeat(64), words: [0, 0, 0, 0] },
    { key: '0'.repeat(64), words: [1, 2, 3] },
    { key: '0'.repeat(64), words: [1, 2, 3, -1] },
  ])('refuses the damaged state %j', (state) => {
    expect(() => restoreRandom(state)).toThrow(HoneError)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses the seed %s', (seed) => {
    expect(() => createRandom(seed)).toThrow(HoneError)
  })

  test('next() is uniform in [0, 1)', () => {
    const numbers = draws(createRandom(1), 20_000)
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    const counts = Array.from({ length: 20 }, () => 0)
    for (const number of numbers) counts[Math.floor(number * 20)] = (counts[Math.floor(number * 20)] ?? 0) + 1
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(43.8) // 0.999 quantile, 19 degrees of freedom
  })

  test('integer() stays below its bound and reaches every value', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, below) => {
        const random = createRandom(seed)
        const seen = new Set(Array.from({ length: 400 }, () => random.integer(below)))
        expect([...seen].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: below }, (_, value) => value),
        )
      }),
    )
    expect(() => createRandom(1).integer(0)).toThrow(RangeError)
    expect(() => createRandom(1).integer(1.5)).toThrow(RangeError)
  })

  test('integer() has no modulo bias', () => {
    // Without rejection, a modulus of 3 · 2^30 gives the lowest third half of the draws.
    const random = createRandom(3)
    const low = Array.from({ length: 6000 }, () => random.integer(3 * 2 ** 30)).filter((n) => n < 2 ** 30)
    expect(low.length / 6000).toBeCloseTo(1 / 3, 1)
  })

  test('shuffle() keeps the items and leaves its argument alone', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, items) => {
        const before = [...items]
        const shuffled = createRandom(seed).shuffle(items)
        expect(items).toEqual(before)
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b))
      }),
    )
  })
})
