import { array } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { gatedGelu } from './gated-gelu.ts'

const gelu = (x: number): number =>
  (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

test('is gelu(gate) times up', async () => {
  const shapes = array(size(), { minLength: 1, maxLength: 3 })
  const mismatches = await operationMismatches(shapes, (shape, seed) => ({
    inputs: {
      gate: { tensor: randomTensor(seed, shape) },
      up: { tensor: randomTensor(`${seed} up`, shape) },
    },
    build: (graph, { gate, up }) => gatedGelu(graph, gate!, up!),
    reference: ({ gate, up }) =>
      tensorOf(gate!.shape, (place) => {
        const value = elementAt(gate!, place)
        return gelu(value) * elementAt(up!, place)
      }),
  }))
  expect(mismatches).toEqual([])
})

test('stays finite far from zero', async () => {
  const far = { shape: [4], data: [-90, -30, 30, 90] }
  const mismatches = await operationMismatches(
    size(),
    (_, seed) => ({
      inputs: { gate: { tensor: far }, up: { tensor: randomTensor(seed, [4]) } },
      build: (graph, { gate, up }) => gatedGelu(graph, gate!, up!),
      reference: ({ gate, up }) =>
        tensorOf([4], (place) => {
          const value = elementAt(gate!, place)
          return gelu(value) * elementAt(up!, place)
        }),
    }),
    2,
  )
  expect(mismatches).toEqual([])
})
