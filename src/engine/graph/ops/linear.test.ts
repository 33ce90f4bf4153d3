import { constantFrom, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { Graph } from '../graph.ts'
import { concat } from './concat.ts'
import { elementAt, randomTensor, sumOf, tensorOf, type DoubleTensor } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { linear, linears } from './linear.ts'

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

test('a bias is added to every row, and has no part in the gradients', async () => {
  const shapes = tuple(size(), size(), size(), size(1, 3))
  const mismatches = await operationMismatches(shapes, ([rows, inputs, outputs, rank], seed) => ({
    inputs: {
      x: { tensor: randomTensor(seed, [rows, inputs]), shape: ['rows', inputs] },
      w: { tensor: randomTensor(`${seed} w`, [outputs, inputs]), kind: 'frozen' },
      bias: { tensor: randomTensor(`${seed} bias`, [outputs]), kind: 'frozen' },
      a: { tensor: randomTensor(`${seed} a`, [rank, inputs]) },
      b: { tensor: randomTensor(`${seed} b`, [outputs, rank]) },
    },
    build: (graph, { x, w, bias, a, b }) =>
      linears(graph, x!, [{ weight: w!, bias: bias!, adapter: { a: a!, b: b!, scale: 2 } }])[0]!,
    reference: ({ x, w, bias, a, b }) => {
      const frozen = product(x!, w!)
      const adapted = product(product(x!, a!), b!)
      return tensorOf(
        frozen.shape,
        ([row, column]) =>
          elementAt(frozen, [row!, column!]) +
          elementAt(bias!, [column!]) +
          2 * elementAt(adapted, [row!, column!]),
      )
    },
  }))
  expect(mismatches).toEqual([])
})

test('layers of one input, adapted or not, are what each is alone', async () => {
  const shapes = tuple(size(), size(), size(), size(1, 3), size(1, 3))
  const mismatches = await operationMismatches(shapes, ([rows, inputs, outputs, rank, other], seed) => ({
    inputs: {
      x: { tensor: randomTensor(seed, [rows, inputs]), shape: ['rows', inputs] },
      w1: { tensor: randomTensor(`${seed} w1`, [outputs, inputs]), kind: 'frozen' },
      w2: { tensor: randomTensor(`${seed} w2`, [outputs, inputs]), kind: 'frozen' },
      w3: { tensor: randomTensor(`${seed} w3`, [outputs + 1, inputs]), kind: 'frozen' },
      a1: { tensor: randomTensor(`${seed} a1`, [rank, inputs]) },
      b1: { tensor: randomTensor(`${seed} b1`, [outputs, rank]) },
      a3: { tensor: randomTensor(`${seed} a3`, [other, inputs]) },
      b3: { tensor: randomTensor(`${seed} b3`, [outputs + 1, other]) },
    },
    build: (graph, { x, w1, w2, w3, a1, b1, a3, b3 }) =>
      concat(
        graph,
        linears(graph, x!, [
          { weight: w1!, adapter: { a: a1!, b: b1!, scale: 2 } },
          { weight: w2! },
          { weight: w3!, adapter: { a: a3!, b: b3!, scale: 0.5 } },
        ]),
        1,
        3 * outputs + 1,
      ),
    reference: ({ x, w1, w2, w3, a1, b1, a3, b3 }) => {
      const parts = [
        [product(x!, w1!), product(product(x!, a1!), b1!), 2],
        [product(x!, w2!), product(x!, w2!), 0],
        [product(x!, w3!), product(product(x!, a3!), b3!), 0.5],
      ] as const
      return tensorOf([rows, 3 * outputs + 1], ([row, column]) => {
        const layer = Math.min(2, Math.floor(column! / outputs))
        const [frozen, adapted, scale] = parts[layer]!
        const place = [row!, column! - layer * outputs]
        return elementAt(frozen, place) + scale * elementAt(adapted, place)
      })
    },
  }))
  expect(mismatches).toEqual([])
})

test('dropout zeroes elements of what the adapters see, and scales the others by 1 / keep', async () => {
  const shapes = tuple(size(), size(), size(), size(1, 3), constantFrom(0.5, 0.8))
  const mismatches = await operationMismatches(shapes, ([rows, inputs, outputs, rank, keep], seed) => ({
    inputs: {
      x: { tensor: randomTensor(seed, [rows, inputs]), shape: ['rows', inputs] },
      kept: { tensor: randomTensor(`${seed} kept`, [rows, inputs]), kind: 'frozen', shape: ['rows', inputs] },
      w1: { tensor: randomTensor(`${seed} w1`, [outputs, inputs]), kind: 'frozen' },
      w2: { tensor: randomTensor(`${seed} w2`, [outputs, inputs]), kind: 'frozen' },
      a1: { tensor: randomTensor(`${seed} a1`, [rank, inputs]) },
      b1: { tensor: randomTensor(`${seed} b1`, [outputs, rank]) },
      a2: { tensor: randomTensor(`${seed} a2`, [rank, inputs]) },
      b2: { tensor: randomTensor(`${seed} b2`, [outputs, rank]) },
    },
    build: (graph, { x, kept, w1, w2, a1, b1, a2, b2 }) => {
      const mask = graph.node('Greater', [kept!, graph.scalar(0)], kept!.shape, { type: 'bool' })
      const layers = [
        { weight: w1!, adapter: { a: a1!, b: b1!, scale: 2 } },
        { weight: w2!, adapter: { a: a2!, b: b2!, scale: 0.5 } },
      ]
      return concat(graph, linears(graph, x!, layers, { mask, keep }), 1, 2 * outputs)
    },
    reference: ({ x, kept, w1, w2, a1, b1, a2, b2 }) => {
      const seen = tensorOf(x!.shape, (place) =>
        elementAt(kept!, place) > 0 ? elementAt(x!, place) / keep : 0,
      )
      const parts = [
        [product(x!, w1!), product(product(seen, a1!), b1!), 2],
        [product(x!, w2!), product(product(seen, a2!), b2!), 0.5],
      ] as const
      return tensorOf([rows, 2 * outputs], ([row, column]) => {
        const [frozen, adapted, scale] = parts[column! < outputs ? 0 : 1]
        const place = [row!, column! % outputs]
        return elementAt(frozen, place) + scale * elementAt(adapted, place)
      })
    },
  }))
  expect(mismatches).toEqual([])
})

test('nothing is kept of a frozen layer whose input leads to no adapter', () => {
  const graph = new Graph()
  linear(graph, graph.input('x', 'float32', ['rows', 2]), graph.weight('w', [3, 2]))
  expect(graph.tape).toEqual([])
})
