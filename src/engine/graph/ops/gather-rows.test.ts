import { array, integer, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { gatherRows } from './gather-rows.ts'

test('takes rows by index; a row taken twice has both gradients', async () => {
  const rows = 3
  // Six indices of three rows: at least one comes twice.
  const indices = array(integer({ min: 0, max: rows - 1 }), { minLength: 6, maxLength: 6 })
  const mismatches = await operationMismatches(tuple(indices, size()), ([picked, width], seed) => ({
    inputs: {
      matrix: { tensor: randomTensor(seed, [rows, width]), shape: ['rows', width] },
      indices: { tensor: { shape: [picked.length], data: picked }, kind: 'integers', shape: ['picked'] },
    },
    build: (graph, inputs) => gatherRows(graph, inputs['matrix']!, inputs['indices']!),
    reference: ({ matrix }) =>
      tensorOf([picked.length, width], ([row, column]) => elementAt(matrix!, [picked[row!]!, column!])),
  }))
  expect(mismatches).toEqual([])
})

test('rows that are not taken have a zero gradient', async () => {
  const mismatches = await operationMismatches(tuple(size(0, 3), size()), ([row, width], seed) => ({
    inputs: {
      matrix: { tensor: randomTensor(seed, [4, width]) },
      indices: { tensor: { shape: [1], data: [row] }, kind: 'integers' },
    },
    build: (graph, inputs) => gatherRows(graph, inputs['matrix']!, inputs['indices']!),
    reference: ({ matrix }) => tensorOf([1, width], ([, column]) => elementAt(matrix!, [row, column!])),
  }))
  expect(mismatches).toEqual([])
})
