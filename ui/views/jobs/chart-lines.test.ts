import { expect, test } from 'vitest'
import { lossLines, markersOf, onOneAxis } from './chart-lines.ts'

test('lines with points of their own stand on one axis', () => {
  expect(
    onOneAxis([
      { x: [1, 2, 3], y: [9, 8, 7] },
      { x: [0, 2], y: [5, 4] },
    ]),
  ).toEqual({
    x: [0, 1, 2, 3],
    values: [
      [null, 9, 8, 7],
      [5, null, 4, null],
    ],
  })
})

test('the losses of a run, and none before it has begun', () => {
  const none = { step: [], loss: [], smoothedLoss: [] } as never
  expect(lossLines({ steps: none, validations: none })).toEqual({ x: [], values: [[], [], []] })
  expect(
    markersOf({ best: { step: 4, loss: 1 }, earlyStop: { step: 9, bestStep: 4 }, resumes: [0, 6] }),
  ).toEqual([
    { x: 4, label: 'best' },
    { x: 9, label: 'stopped early' },
    { x: 6, label: 'resumed' },
  ])
})
