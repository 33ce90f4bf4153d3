import { constantFrom, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { Graph } from '../graph.ts'
import { elementAt, randomTensor, sumOf, tensorOf, type DoubleTensor } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { linear } from './linear.ts'

/** `x Wᵀ` */
const product = (x: DoubleTensor, w: DoubleTensor): DoubleTensor =>
  tensorOf([x.shape[0]!, w.shape[0]!], ([row, column]) =>
    sumOf(x.shape[1]!, (at) => elementAt(x, [row!, at]) * elementAt(w, [column!, at])),
  )

test('a frozen layer is x Wᵀ', async () => {
  const mismatches = await operationMismatches(
    tuple(size(), size(), size()),
    ([rows, inputs, outputs], seed) => ({
      inputs: {
        x: { tensor: randomTensor(seed, [rows, inputs]), shape: ['rows', inputs] },
        w: { tensor: randomTensor(`${seed} w`, [outputs, inputs]), kind: 'frozen' },
      },
      build: (graph, { x, w }) => linear(graph, x!, w!),
      reference: ({ x, w }) => product(x!, w!),
    }),
  )
  expect(mismatches).toEqual([])
})

test.each([undefined, 'frozen'] as const)(
  'an adapted layer adds scale · x Aᵀ Bᵀ (input: %s)',
  async (kind) => {
    const shapes = tuple(size(), size(), size(), size(1, 3), constantFrom(2, 0.5))
    const mismatches = await operationMismatches(shapes, ([rows, inputs, outputs, rank, scale], seed) => ({
      inputs: {
        x: {
          tensor: randomTensor(seed, [rows, inputs]),
          shape: ['rows', inputs],
          ...(kind === undefined ? {} : { kind }),
        },
        w: { tensor: randomTensor(`${seed} w`, [outputs, inputs]), kind: 'frozen' },
        a: { tensor: randomTensor(`${seed} a`, [rank, inputs]) },
        b: { tensor: randomTensor(`${seed} b`, [outputs, rank]) },
      },
      build: (graph, { x, w, a, b }) => linear(graph, x!, w!, { a: a!, b: b!, scale }),
      reference: ({ x, w, a, b }) => {
        const frozen = product(x!, w!)
        const adapted = product(product(x!, a!), b!)
        return tensorOf(frozen.shape, (place) => elementAt(frozen, place) + scale * elementAt(adapted, place))
      },
    }))
    expect(mismatches).toEqual([])
  },
)

test('nothing is kept of a frozen layer whose input leads to no adapter', () => {
  const graph = new Graph()
  linear(graph, graph.input('x', 'float32', ['rows', 2]), graph.weight('w', [3, 2]))
  expect(graph.tape).toEqual([])
})
