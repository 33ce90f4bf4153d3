import { array, tuple, float } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { scale } from './scale.ts'

test('multiplies every element', async () => {
  const shapes = tuple(
    array(size(0), { minLength: 1, maxLength: 3 }),
    float({ min: -3, max: 3, noNaN: true }),
  )
  const mismatches = await operationMismatches(shapes, ([shape, factor], seed) => ({
    inputs: { x: { tensor: randomTensor(seed, shape) } },
    build: (graph, { x }) => scale(graph, x!, factor),
    reference: ({ x }) => tensorOf(shape, (place) => factor * elementAt(x!, place)),
  }))
  expect(mismatches).toEqual([])
})
