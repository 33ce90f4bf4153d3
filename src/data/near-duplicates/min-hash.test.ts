import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { leastAgreement, MinHash, planBands, sketchAgreement } from './min-hash.ts'

/** Two sets of so many shingles whose Jaccard similarity is `shared / (2 · size - shared)`. */
function pair(
  size: number,
  shared: number,
  random: ReturnType<typeof createRandom>,
): [Int32Array, Int32Array] {
  const numbers = Array.from({ length: 2 * size - shared }, () => random.integer(2 ** 32) | 0)
  return [Int32Array.from(numbers.slice(0, size)), Int32Array.from(numbers.slice(size - shared))]
}

describe('planBands', () => {
  test.each([
    [0.85, 0.001, 8],
    [0.8, 1e-4, 16],
    [0.5, 1e-4, 16],
    [0.1, 1e-4, 16],
  ])('at %s misses no more than %s', (threshold, missed, most) => {
    const { bands, rows } = planBands(threshold, missed, most)
    expect((1 - threshold ** rows) ** bands).toBeLessThanOrEqual(missed)
    expect(rows === 1 || bands <= most).toBe(true)
  })

  test('equal texts alone need one band', () => {
    expect(planBands(1, 1e-4, 16).bands).toBe(1)
  })
})

// Short texts are the hard ones: their few shingles make the hash functions depend on each other.
test.each([
  [12, 11],
  [12, 12],
  [24, 22],
  [120, 111],
])('pairs of %i shingles, %i of them shared, are found 99 times in a hundred', (size, shared) => {
  const random = createRandom(size)
  const plan = planBands(0.8, 0.001, 8)
  const [first, second] = [new MinHash(plan), new MinHash(plan)]
  const pairs = 4_000
  let found = 0
  for (let at = 0; at < pairs; at++) {
    const [a, b] = pair(size, shared, random)
    first.read(a, a.length)
    second.read(b, b.length)
    const shares = first.keys.some((key, band) => key === second.keys[band])
    const agreement = sketchAgreement(first.sketchLow, first.sketchHigh, second.sketchLow, second.sketchHigh)
    if (shares && agreement >= leastAgreement(0.8)) found++
  }
  expect(found / pairs).toBeGreaterThanOrEqual(0.99)
})

test('sketches of unlike sets rarely pass', () => {
  const random = createRandom(1)
  const hash = new MinHash(planBands(0.85, 0.001, 8))
  let passed = 0
  for (let at = 0; at < 2_000; at++) {
    const [a, b] = pair(20, 2, random)
    hash.read(a, a.length)
    const { sketchLow, sketchHigh } = hash
    hash.read(b, b.length)
    if (sketchAgreement(sketchLow, sketchHigh, hash.sketchLow, hash.sketchHigh) >= leastAgreement(0.85))
      passed++
  }
  expect(passed).toBeLessThan(20)
})
