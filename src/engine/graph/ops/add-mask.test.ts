import { tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { addMask } from './add-mask.ts'

test('adds a mask to every leading index, and passes the gradient on', async () => {
  const shapes = tuple(size(), size(), size(0), size(0))
  const mismatches = await operationMismatches(shapes, ([heads, batch, queries, keys], seed) => ({
    inputs: {
      scores: { tensor: randomTensor(seed, [heads, batch, queries, keys]) },
      mask: { tensor: randomTensor(`${seed} mask`, [queries, keys]), kind: 'frozen' },
    },
    build: (graph, { scores, mask }) => addMask(graph, scores!, mask!),
    reference: ({ scores, mask }) =>
      tensorOf(scores!.shape, (place) => elementAt(scores!, place) + elementAt(mask!, place.slice(2))),
  }))
  expect(mismatches).toEqual([])
})

test('a mask may differ by sequence', async () => {
  const shapes = tuple(size(), size(), size(), size(0))
  const mismatches = await operationMismatches(shapes, ([heads, batch, queries, keys], seed) => ({
    inputs: {
      scores: { tensor: randomTensor(seed, [heads, batch, 1, queries, keys]) },
      mask: { tensor: randomTensor(`${seed} mask`, [1, batch, 1, 1, keys]), kind: 'frozen' },
    },
    build: (graph, { scores, mask }) => addMask(graph, scores!, mask!),
    reference: ({ scores, mask }) =>
      tensorOf(
        scores!.shape,
        (place) => elementAt(scores!, place) + elementAt(mask!, [0, place[1]!, 0, 0, place[4]!]),
      ),
  }))
  expect(mismatches).toEqual([])
})
