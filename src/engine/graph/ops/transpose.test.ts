import { shuffledSubarray, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { transpose } from './transpose.ts'

test('reorders the axes, and the gradient back', async () => {
  const orders = shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 })
  const shapes = tuple(tuple(size(), size(0), size(), size(1, 3)), orders)
  const mismatches = await operationMismatches(
    shapes,
    ([shape, order], seed) => ({
      inputs: { x: { tensor: randomTensor(seed, shape) } },
      build: (graph, { x }) => transpose(graph, x!, order),
      reference: ({ x }) =>
        tensorOf(
          order.map((axis) => shape[axis]!),
          (place) =>
            elementAt(
              x!,
              shape.map((_, axis) => place[order.indexOf(axis)]!),
            ),
        ),
    }),
    24,
  )
  expect(mismatches).toEqual([])
})
