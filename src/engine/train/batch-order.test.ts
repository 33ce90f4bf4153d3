import { array, assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { epochBatches, stepsPerEpoch } from './batch-order.ts'
import type { EncodedExample } from './encoded-example.ts'

const examplesOf = (lengths: readonly number[]): EncodedExample[] =>
  lengths.map((length, index) => ({
    id: String(index),
    tokens: Array.from({ length }, () => 1),
    trained: Array.from({ length }, () => true),
  }))

test('every example comes exactly once an epoch, in batches of the size asked for', () => {
  const lengths = array(integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 300 })
  assert(
    property(
      lengths,
      integer({ min: 1, max: 9 }),
      integer(),
      integer({ min: 0, max: 50 }),
      (all, size, seed, epoch) => {
        const examples = examplesOf(all)
        const batches = epochBatches(examples, size, seed, epoch)
        expect(batches.flat().toSorted((left, right) => left - right)).toEqual([...examples.keys()])
        const smaller = batches.filter((batch) => batch.length !== size)
        expect(smaller.length).toBeLessThanOrEqual(1)
        expect(batches).toHaveLength(Math.ceil(all.length / size))
        expect(stepsPerEpoch(all.length, size, 1)).toBe(batches.length)
        expect(epochBatches(examples, size, seed, epoch)).toEqual(batches)
      },
    ),
  )
})

test('the order depends on the seed and on the epoch', () => {
  const examples = examplesOf(Array.from({ length: 64 }, () => 10))
  const order = (seed: number, epoch: number): string =>
    JSON.stringify(epochBatches(examples, 4, seed, epoch))
  expect(new Set([order(1, 0), order(1, 1), order(1, 2), order(2, 0), order(2, 1)]).size).toBe(5)
})

test('a batch holds examples of similar length', () => {
  const examples = examplesOf(Array.from({ length: 512 }, (_, index) => 1 + ((index * 37) % 256)))
  const spread = (batch: readonly number[]): number => {
    const lengths = batch.map((index) => examples[index]?.tokens.length ?? 0)
    return Math.max(...lengths) - Math.min(...lengths)
  }
  const batches = epochBatches(examples, 8, 1, 0)
  const mean = batches.reduce((sum, batch) => sum + spread(batch), 0) / batches.length
  // At random it would be about 200 of 256.
  expect(mean).toBeLessThan(40)
})

test('batches do not come by length', () => {
  const examples = examplesOf(Array.from({ length: 512 }, (_, index) => 1 + index))
  const firsts = epochBatches(examples, 8, 1, 0).map(([index = 0]) => index)
  const rises = firsts.slice(1).filter((first, index) => first > (firsts[index] ?? 0)).length
  expect(rises).toBeGreaterThan(firsts.length * 0.3)
  expect(rises).toBeLessThan(firsts.length * 0.7)
})

test('steps of an epoch count the last, smaller one', () => {
  expect(stepsPerEpoch(480, 16, 1)).toBe(30)
  expect(stepsPerEpoch(481, 16, 1)).toBe(31)
  expect(stepsPerEpoch(481, 4, 4)).toBe(31)
  expect(stepsPerEpoch(1, 16, 4)).toBe(1)
})
