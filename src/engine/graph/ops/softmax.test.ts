import { tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, sumOf, tensorOf, type DoubleTensor } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { addMask } from './add-mask.ts'
import { softmax } from './softmax.ts'

const reference = (x: DoubleTensor): DoubleTensor =>
  tensorOf(x.shape, (place) => {
    const total = sumOf(x.shape.at(-1) ?? 0, (at) => Math.exp(elementAt(x, place.with(place.length - 1, at))))
    return Math.exp(elementAt(x, place)) / total
  })

test('normalises the last axis; rows, keys or both may be missing', async () => {
  const mismatches = await operationMismatches(
    tuple(size(), size(0), size(0, 5)),
    (shape, seed) => ({
      inputs: { x: { tensor: randomTensor(seed, shape) } },
      build: (graph, { x }) => softmax(graph, x!),
      reference: ({ x }) => reference(x!),
    }),
    20,
  )
  expect(mismatches).toEqual([])
})

test('masked keys get no share and no gradient', async () => {
  const mask = { shape: [3, 3], data: [0, -1e30, -1e30, 0, 0, -1e30, 0, 0, 0] }
  const mismatches = await operationMismatches(size(), (batch, seed) => ({
    inputs: { x: { tensor: randomTensor(seed, [batch, 3, 3]) }, mask: { tensor: mask, kind: 'frozen' } },
    build: (graph, inputs) => softmax(graph, addMask(graph, inputs['x']!, inputs['mask']!)),
    reference: ({ x }) =>
      tensorOf(x!.shape, ([sequence, query, key]) => {
        const weight = (at: number): number =>
          at > query! ? 0 : Math.exp(elementAt(x!, [sequence!, query!, at]))
        return weight(key!) / sumOf(3, weight)
      }),
  }))
  expect(mismatches).toEqual([])
})
