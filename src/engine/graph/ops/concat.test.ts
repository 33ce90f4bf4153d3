import { tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { Graph } from '../graph.ts'
import { elementAt, randomTensor, tensorOf, type DoubleTensor } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { concat } from './concat.ts'

function joined(left: DoubleTensor, right: DoubleTensor, axis: number): DoubleTensor {
  const first = left.shape[axis] ?? 0
  return tensorOf(left.shape.with(axis, first + (right.shape[axis] ?? 0)), (place) => {
    const at = place[axis] ?? 0
    return at < first ? elementAt(left, place) : elementAt(right, place.with(axis, at - first))
  })
}

test('joins along an axis whose sizes the graph learns when it runs, one of them 0', async () => {
  const shapes = tuple(size(0), size(), size(), size(0, 2))
  const mismatches = await operationMismatches(shapes, ([first, second, width, axis], seed) => {
    const shapeOf = (length: number): number[] => [width, 2, 3].with(axis, length)
    const named = (name: string): (number | string)[] =>
      [width, 2, 3].with(axis, 0).map((part) => part || name)
    return {
      inputs: {
        left: { tensor: randomTensor(seed, shapeOf(first)), shape: named('first') },
        right: { tensor: randomTensor(`${seed} right`, shapeOf(second)), shape: named('second') },
      },
      build: (graph, { left, right }) => concat(graph, [left!, right!], axis, 'both'),
      reference: ({ left, right }) => joined(left!, right!, axis),
    }
  })
  expect(mismatches).toEqual([])
})

test('one tensor is itself, none is refused', () => {
  const graph = new Graph()
  const only = graph.input('only', 'float32', [2])
  expect(concat(graph, [only], 0, 2)).toBe(only)
  expect(() => concat(graph, [], 0, 0)).toThrow('nothing to join')
})
