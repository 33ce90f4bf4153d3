import { describe, expect, test } from 'vitest'
import { chooseFewShot } from './few-shot.ts'
import { exampleAt, wholeAnswer } from './testing/examples.ts'

const training = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'c'].map((label, at) =>
  exampleAt(at + 1, `question ${at}${at % 2 === 0 ? '' : ' with very many more words than needed'}`, label),
)
const labelsOf = (count: number): string[] =>
  chooseFewShot(training, { count, seed: 1, labelOf: wholeAnswer }).map(
    (example) => wholeAnswer(example) ?? '',
  )

describe('chooseFewShot', () => {
  test.each([
    [0, []],
    [1, ['a']],
    [2, ['a', 'b']],
    [3, ['a', 'b', 'c']],
    [5, ['a', 'a', 'b', 'b', 'c']],
    [6, ['a', 'a', 'a', 'b', 'b', 'c']],
  ])('%i are spread over the labels', (count, labels) => {
    expect(labelsOf(count).toSorted()).toEqual(labels)
  })

  test('all of them where there are fewer, each once', () => {
    const all = chooseFewShot([...training, ...training], { count: 99, seed: 1, labelOf: wholeAnswer })
    expect(all.map(({ id }) => id).toSorted()).toEqual(training.map(({ id }) => id))
  })

  test('the shorter half comes first', () => {
    const chosen = chooseFewShot(training, { count: 3, seed: 3, labelOf: wholeAnswer })
    const lengths = chosen
      .filter((example) => wholeAnswer(example) !== 'c')
      .map(({ messages }) => messages[0]?.content.length)
    expect(lengths).toEqual([10, 10])
  })

  test('the same seed and set give the same examples in the same order, other seeds others', () => {
    const choose = (examples: typeof training, seed: number): string[] =>
      chooseFewShot(examples, { count: 4, seed }).map(({ id }) => id)
    expect(choose(training.toReversed(), 1)).toEqual(choose(training, 1))
    const orders = [1, 2, 3, 4, 5].map((seed) => choose(training, seed).join(' '))
    expect(new Set(orders).size).toBeGreaterThan(1)
  })

  test.each([-1, 1.5])('a count of %d is refused', (count) => {
    expect(() => labelsOf(count)).toThrow(expect.objectContaining({ code: 'E_CONFIG' }))
  })
})
