import { tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { randomTensor } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { reshape } from './reshape.ts'

test('keeps the elements in order when one size is known at the run only', async () => {
  const mismatches = await operationMismatches(
    tuple(size(), size(), size()),
    ([rows, heads, width], seed) => ({
      inputs: { x: { tensor: randomTensor(seed, [rows, heads * width]), shape: ['rows', heads * width] } },
      build: (graph, { x }) => reshape(graph, x!, ['rows', heads, width]),
      reference: ({ x }) => ({ shape: [rows, heads, width], data: x!.data }),
    }),
  )
  expect(mismatches).toEqual([])
})

test('a size of 0 is an empty dimension', async () => {
  const mismatches = await operationMismatches(
    tuple(size(0), size(0), size()),
    ([batch, length, width], seed) => ({
      inputs: {
        x: { tensor: randomTensor(seed, [batch, length, width]), shape: ['batch', 'length', width] },
      },
      build: (graph, { x }) => {
        const rows = graph.product('batch·length', ['batch', 'length'])
        const flat = reshape(graph, x!, [rows, width])
        return reshape(graph, flat, [width, 'batch', 'length'])
      },
      reference: ({ x }) => ({ shape: [width, batch, length], data: x!.data }),
    }),
    20,
  )
  expect(mismatches).toEqual([])
})
