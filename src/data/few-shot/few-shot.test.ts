import { describe, expect, test } from 'vitest'
import { chooseFewShot, createRandomShots } from './few-shot.ts'
import { exampleAt, wholeAnswer } from '../testing/examples.ts'

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

describe('createRandomShots', () => {
  const row = exampleAt(50, 'what is asked', 'a')
  const drawn = (examples: typeof training, seed: number, at = row): string[] =>
    createRandomShots(examples, seed)(at, 3).map(({ id }) => id)

  test('draws the same for a row, whatever the order of the records, and others for another row or seed', () => {
    expect(drawn(training.toReversed(), 1)).toEqual(drawn(training, 1))
    expect(new Set(drawn(training, 1)).size).toBe(3)
    const others = [2, 3, 4].map((seed) => drawn(training, seed).join())
    expect(new Set([...others, drawn(training, 1).join()]).size).toBeGreaterThan(1)
    const rows = [51, 52, 53].map((at) => drawn(training, 1, exampleAt(at, `asked ${at}`, 'a')).join())
    expect(new Set(rows).size).toBeGreaterThan(1)
  })

  test('all of them where there are fewer', () => {
    expect(createRandomShots(training, 1)(row, 99)).toHaveLength(training.length)
    expect(createRandomShots([], 1)(row, 3)).toEqual([])
  })
})
