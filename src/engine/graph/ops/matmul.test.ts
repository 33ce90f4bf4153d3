import { boolean, constant, constantFrom, tuple, type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, sumOf, tensorOf, type OperationCase } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { matmul } from './matmul.ts'

interface Product {
  readonly batch: readonly number[]
  /** Rows of the left operand, what is summed over, columns of the right operand. */
  readonly sizes: readonly [number, number, number]
  readonly transposed: readonly [boolean, boolean]
  readonly scale: number
}

const kindOf = (frozen: boolean): { kind?: 'frozen' } => (frozen ? { kind: 'frozen' } : {})

function product({ batch, sizes, transposed, scale }: Product, seed: number, frozen = ''): OperationCase {
  const [rows, inner, columns] = sizes
  const [transposeLeft, transposeRight] = transposed
  const leftPlace = (row: number, at: number): number[] => (transposeLeft ? [at, row] : [row, at])
  const rightPlace = (at: number, column: number): number[] => (transposeRight ? [column, at] : [at, column])
  return {
    inputs: {
      left: {
        tensor: randomTensor(seed, [...batch, ...leftPlace(rows, inner)]),
        ...kindOf(frozen === 'left'),
      },
      right: {
        tensor: randomTensor(`${seed} right`, [...batch, ...rightPlace(inner, columns)]),
        ...kindOf(frozen === 'right'),
      },
    },
    build: (graph, { left, right }) => matmul(graph, left!, right!, { transposeLeft, transposeRight, scale }),
    reference: ({ left, right }) =>
      tensorOf([...batch, rows, columns], (place) => {
        const before = place.slice(0, -2)
        const [row, column] = place.slice(-2) as [number, number]
        const term = (at: number): number =>
          elementAt(left!, [...before, ...leftPlace(row, at)]) *
          elementAt(right!, [...before, ...rightPlace(at, column)])
        return scale * sumOf(inner, term)
      }),
  }
}

const batches = tuple(size(), size(1, 3))

test.each(['neither', 'left', 'right'])(
  'is the product of each pair, transposed or not, with %s frozen',
  async (frozen) => {
    const shapes = tuple(
      batches,
      tuple(size(), size(), size()),
      tuple(boolean(), boolean()),
      constantFrom(1, 0.25, -2),
    )
    const mismatches = await operationMismatches(
      shapes,
      ([batch, sizes, transposed, scale], seed) => product({ batch, sizes, transposed, scale }, seed, frozen),
      24,
    )
    expect(mismatches).toEqual([])
  },
)

// The two products of attention over a segment that holds nothing, such as an empty prefix.
const emptySegments: Record<string, [Arbitrary<[number, number, number]>, [boolean, boolean]]> = {
  'scores against no keys': [tuple(size(0), size(), constant(0)), [false, true]],
  'a mixture of no values, which is zero': [tuple(size(0), constant(0), size()), [false, false]],
}

test.each(Object.entries(emptySegments))('%s', async (_, [sizes, transposed]) => {
  const mismatches = await operationMismatches(tuple(batches, sizes), ([batch, own], seed) =>
    product({ batch, sizes: own, transposed, scale: 0.25 }, seed),
  )
  expect(mismatches).toEqual([])
})
