import { array, tuple, float } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { shift } from './shift.ts'

test('adds to every element', async () => {
  const shapes = tuple(
    array(size(0), { minLength: 1, maxLength: 3 }),
    float({ min: -3, max: 3, noNaN: true }),
  )
  const mismatches = await operationMismatches(shapes, ([shape, offset], seed) => ({
    inputs: { x: { tensor: randomTensor(seed, shape) } },
    build: (graph, { x }) => shift(graph, x!, offset),
    reference: ({ x }) => tensorOf(shape, (place) => offset + elementAt(x!, place)),
  }))
  expect(mismatches).toEqual([])
})
