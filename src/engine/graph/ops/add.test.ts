import { array, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf, type DoubleTensor } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { add } from './add.ts'

const sum = (left: DoubleTensor, right: DoubleTensor): DoubleTensor =>
  tensorOf(left.shape, (place) => elementAt(left, place) + elementAt(right, place))

test('adds tensors of one shape, an empty one too', async () => {
  const shapes = array(size(0), { minLength: 1, maxLength: 4 })
  const mismatches = await operationMismatches(shapes, (shape, seed) => ({
    inputs: {
      left: { tensor: randomTensor(seed, shape) },
      right: { tensor: randomTensor(`${seed} right`, shape) },
    },
    build: (graph, { left, right }) => add(graph, left!, right!),
    reference: ({ left, right }) => sum(left!, right!),
  }))
  expect(mismatches).toEqual([])
})

test('a value added to itself has both gradients', async () => {
  const mismatches = await operationMismatches(tuple(size(), size()), (shape, seed) => ({
    inputs: { value: { tensor: randomTensor(seed, shape) } },
    build: (graph, { value }) => add(graph, value!, value!),
    reference: ({ value }) => sum(value!, value!),
  }))
  expect(mismatches).toEqual([])
})
