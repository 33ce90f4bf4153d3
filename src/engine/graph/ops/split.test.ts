import { tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { Graph } from '../graph.ts'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { split } from './split.ts'

test.each([0, 1, 2])('part %i has a gradient when the others lead nowhere', async (part) => {
  const shapes = tuple(tuple(size(0), size(), size(0)), size(), size(0, 1))
  const mismatches = await operationMismatches(shapes, ([sizes, width, axis], seed) => {
    const all = sizes.reduce((sum, length) => sum + length, 0)
    const before = sizes.slice(0, part).reduce((sum, length) => sum + length, 0)
    const shape = axis === 0 ? [all, width] : [width, all]
    return {
      inputs: { x: { tensor: randomTensor(seed, shape) } },
      build: (graph, { x }) => split(graph, x!, axis, sizes)[part]!,
      reference: ({ x }) =>
        tensorOf(shape.with(axis, sizes[part]!), (place) =>
          elementAt(x!, place.with(axis, place[axis]! + before)),
        ),
    }
  })
  expect(mismatches).toEqual([])
})

test('cuts at dimensions that inputs define, the first of them empty or not', async () => {
  const mismatches = await operationMismatches(tuple(size(0), size()), ([first, second], seed) => ({
    inputs: {
      like: { tensor: randomTensor(seed, [first]), shape: ['first'], kind: 'frozen' },
      other: { tensor: randomTensor(seed, [second]), shape: ['second'], kind: 'frozen' },
      x: { tensor: randomTensor(`${seed} x`, [first + second, 2]), shape: ['both', 2] },
    },
    build: (graph, { x }) => split(graph, x!, 0, ['first', 'second'])[1]!,
    reference: ({ x }) => tensorOf([second, 2], ([row, column]) => elementAt(x!, [row! + first, column!])),
  }))
  expect(mismatches).toEqual([])
})

test('one part is the whole', () => {
  const graph = new Graph()
  const whole = graph.input('whole', 'float32', [2])
  expect(split(graph, whole, 0, [2])).toEqual([whole])
})
