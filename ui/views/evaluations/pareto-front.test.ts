import { expect, test } from 'vitest'
import { paretoPoints } from './pareto-front.ts'

const metric = { lowerIsBetter: false }
const candidate = (
  id: string,
  value: number,
  prompt: number,
): Parameters<typeof paretoPoints>[0][number] => ({
  id,
  title: id,
  scores: [{ value, interval: null }],
  tokensPerQuery: { prompt, completion: 1 },
  cost: null,
})

test('on the front is what nobody beats in both', () => {
  const found = paretoPoints(
    [candidate('base', 0.1, 200), candidate('shots', 0.3, 700), candidate('tuned', 0.9, 70)],
    metric,
  )
  expect(found?.measure).toBe('tokens')
  expect(found?.points.map(({ isOnFront }) => isOnFront)).toEqual([false, false, true])
})

test('where less is better the lowest is on the front, equals stay both, and one alone has no chart', () => {
  const errors = { lowerIsBetter: true }
  const found = paretoPoints(
    [candidate('a', 0.2, 10), candidate('b', 0.2, 10), candidate('c', 0.1, 20)],
    errors,
  )
  expect(found?.points.map(({ isOnFront }) => isOnFront)).toEqual([true, true, true])
  expect(paretoPoints([candidate('a', 1, 1)], metric)).toBeUndefined()
})

test('a candidate whose tokens nobody counted is not taken for one that needs none', () => {
  expect(paretoPoints([candidate('a', 0.2, 10), candidate('imported', 0.1, 0)], metric)).toBeUndefined()
})
