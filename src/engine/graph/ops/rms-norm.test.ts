import { constantFrom, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, sumOf, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { rmsNorm } from './rms-norm.ts'

test('divides each row by its root mean square', async () => {
  // The large epsilons make its place in the formula count.
  const shapes = tuple(size(1, 5), size(1, 6), constantFrom(1e-5, 0.1, 1))
  const mismatches = await operationMismatches(shapes, ([rows, width, epsilon], seed) => ({
    inputs: {
      x: { tensor: randomTensor(seed, [rows, width]), shape: ['rows', width] },
      weight: { tensor: randomTensor(`${seed} weight`, [width]), kind: 'frozen' },
    },
    build: (graph, { x, weight }) => rmsNorm(graph, x!, weight!, epsilon),
    reference: ({ x, weight }) =>
      tensorOf([rows, width], ([row, column]) => {
        const mean = sumOf(width, (at) => elementAt(x!, [row!, at]) ** 2) / width
        return (elementAt(x!, [row!, column!]) / Math.sqrt(mean + epsilon)) * elementAt(weight!, [column!])
      }),
  }))
  expect(mismatches).toEqual([])
})
