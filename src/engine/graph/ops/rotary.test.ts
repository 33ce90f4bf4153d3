import { tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { rotary } from './rotary.ts'

test('turns each pair of a head by the angle of its row, and keeps what is in no pair', async () => {
  const mismatches = await operationMismatches(
    tuple(size(1, 5), size(1, 3), size(1, 3), size(0, 3)),
    ([rows, heads, pairs, kept], seed) => {
      const angles = randomTensor(`${seed} angles`, [rows, pairs])
      const rounded = (turn: (angle: number) => number): { shape: number[]; data: number[] } => ({
        shape: [rows, pairs],
        data: angles.data.map((angle) => Math.fround(turn(angle))),
      })
      const headSize = 2 * (pairs + kept)
      return {
        inputs: {
          x: { tensor: randomTensor(seed, [rows, heads * headSize]), shape: ['rows', heads * headSize] },
          cosines: { tensor: rounded(Math.cos), kind: 'frozen', shape: ['rows', pairs] },
          sines: { tensor: rounded(Math.sin), kind: 'frozen', shape: ['rows', pairs] },
        },
        build: (graph, { x, cosines, sines }) =>
          rotary(graph, x!, heads, { cosines: cosines!, sines: sines! }),
        reference: ({ x, cosines, sines }) =>
          tensorOf(x!.shape, ([row, column]) => {
            const inHead = column! % headSize
            if (inHead >= 2 * pairs) return elementAt(x!, [row!, column!])
            const pair = inHead % pairs
            const [cosine, sine] = [elementAt(cosines!, [row!, pair]), elementAt(sines!, [row!, pair])]
            const own = elementAt(x!, [row!, column!])
            return inHead < pairs
              ? own * cosine - elementAt(x!, [row!, column! + pairs]) * sine
              : own * cosine + elementAt(x!, [row!, column! - pairs]) * sine
          }),
      }
    },
  )
  expect(mismatches).toEqual([])
})
