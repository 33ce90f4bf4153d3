import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSimilarSearch } from './similar-examples.ts'
import { exampleAt } from '../testing/examples.ts'

const training = [
  exampleAt(1, 'the roof leaks after the storm', 'water'),
  exampleAt(2, 'a car hit my car at the crossing', 'motor'),
  exampleAt(3, 'the kitchen pipe leaks', 'water'),
  exampleAt(4, 'my bicycle was stolen', 'theft'),
]
const search = createSimilarSearch(training)
const found = (input: string, count: number): string[] =>
  search(exampleAt(9, input, '?'), count).map(({ messages }) => messages[0]!.content)

test('the most similar example comes last, next to the question', () => {
  expect(found('Kitchen pipe LEAKS', 2)).toEqual(['the roof leaks after the storm', 'the kitchen pipe leaks'])
  expect(found('stolen bicycle', 1)).toEqual(['my bicycle was stolen'])
})

test('the answer is not looked at, and nothing shared is no mistake', () => {
  expect(found('water water theft', 4)).toHaveLength(4)
  expect(found('', 2)).toEqual(found('zzz', 2))
  expect(createSimilarSearch([])(training[0]!, 3)).toEqual([])
})

test('Okapi BM25 as computed by hand', () => {
  // Two documents of three words each: rarity ln(1 + (2 − 1 + 0.5) / 1.5) for words of one document.
  const two = createSimilarSearch([exampleAt(1, 'a b b', 'x'), exampleAt(2, 'a c d', 'y')])
  expect(two(exampleAt(3, 'b', '?'), 1)[0]!.messages[0]!.content).toBe('a b b')
  expect(two(exampleAt(3, 'c a', '?'), 1)[0]!.messages[0]!.content).toBe('a c d')
})

test('the order of the records does not matter, and every example comes at most once', () => {
  const words = fc.array(fc.constantFrom('roof', 'pipe', 'car', 'storm', 'ß', '雨'), { maxLength: 6 })
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), words, fc.nat(9), (rows, asked, count) => {
      const examples = rows.map((row, at) => exampleAt(at, row.join(' '), 'label'))
      const row = exampleAt(99, asked.join(' '), 'label')
      const one = createSimilarSearch(examples)(row, count).map(({ messages }) => messages[0]!.content)
      const other = createSimilarSearch(examples.toReversed())(row, count)
      expect(other.map(({ messages }) => messages[0]!.content)).toEqual(one)
      expect(new Set(one).size).toBe(one.length)
      expect(one.length).toBe(Math.min(count, new Set(rows.map((each) => each.join(' '))).size))
    }),
  )
})
