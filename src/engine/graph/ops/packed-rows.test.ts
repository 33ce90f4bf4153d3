import { array, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { add } from './add.ts'
import { gatherRows } from './gather-rows.ts'
import { packRows, unpackRows } from './packed-rows.ts'

/** Sequences of the given lengths after a prefix: indices of both layouts, with one unused packed row where one is needed. */
function layout(prefix: number, lengths: readonly number[]) {
  const longest = Math.max(...lengths)
  const used = prefix + lengths.reduce((sum, length) => sum + length, 0)
  const placeOfRow = Array.from({ length: prefix }, (_, row) => row)
  const rowOfPlace = Array.from({ length: lengths.length * longest }, () => used)
  let unusedPlace: number | undefined
  for (const [sequence, length] of lengths.entries()) {
    for (let at = 0; at < longest; at++) {
      const place = sequence * longest + at
      if (at < length) {
        rowOfPlace[place] = placeOfRow.length
        placeOfRow.push(prefix + place)
      } else unusedPlace = prefix + place
    }
  }
  if (unusedPlace !== undefined) placeOfRow.push(unusedPlace)
  return { rowOfPlace, placeOfRow, used }
}

const cases = tuple(size(0, 3), array(size(1, 4), { minLength: 1, maxLength: 3 }), size(1, 3))

test('what is unpacked and packed again is what it was, and so is its gradient', async () => {
  const mismatches = await operationMismatches(cases, ([prefix, lengths, width], seed) => {
    const { rowOfPlace, placeOfRow, used } = layout(prefix, lengths)
    return {
      inputs: {
        like: { tensor: randomTensor(seed, [prefix]), shape: ['prefix'], kind: 'frozen' },
        rowOfPlace: {
          tensor: { shape: [rowOfPlace.length], data: rowOfPlace },
          kind: 'integers',
          shape: ['places'],
        },
        placeOfRow: {
          tensor: { shape: [placeOfRow.length], data: placeOfRow },
          kind: 'integers',
          shape: ['rows'],
        },
        used: { tensor: { shape: [used], data: [...Array(used).keys()] }, kind: 'integers' },
        x: { tensor: randomTensor(`${seed} x`, [placeOfRow.length, width]), shape: ['rows', width] },
      },
      build: (graph, inputs) => {
        const packing = {
          prefix: 'prefix',
          places: 'places',
          rowOfPlace: inputs['rowOfPlace']!,
          placeOfRow: inputs['placeOfRow']!,
        }
        const [first, rest] = unpackRows(graph, inputs['x']!, packing)
        const packed = packRows(graph, add(graph, first, first), rest, packing)
        return gatherRows(graph, packed, inputs['used']!)
      },
      reference: ({ x }) =>
        tensorOf([used, width], ([row, column]) => (row! < prefix ? 2 : 1) * elementAt(x!, [row!, column!])),
    }
  })
  expect(mismatches).toEqual([])
})

test('each part has a gradient when the other leads nowhere', async () => {
  for (const part of [0, 1]) {
    const mismatches = await operationMismatches(cases, ([prefix, lengths, width], seed) => {
      const { rowOfPlace, placeOfRow, used } = layout(prefix, lengths)
      const usedPlaces = rowOfPlace.flatMap((row, place) => (row < used ? [place] : []))
      const picked = part === 0 ? [...Array(prefix).keys()] : usedPlaces
      return {
        inputs: {
          rowOfPlace: { tensor: { shape: [rowOfPlace.length], data: rowOfPlace }, kind: 'integers' },
          placeOfRow: { tensor: { shape: [placeOfRow.length], data: placeOfRow }, kind: 'integers' },
          picked: { tensor: { shape: [picked.length], data: picked }, kind: 'integers' },
          x: { tensor: randomTensor(`${seed} x`, [placeOfRow.length, width]) },
        },
        build: (graph, inputs) => {
          const parts = unpackRows(graph, inputs['x']!, {
            prefix,
            places: rowOfPlace.length,
            rowOfPlace: inputs['rowOfPlace']!,
            placeOfRow: inputs['placeOfRow']!,
          })
          return gatherRows(graph, parts[part]!, inputs['picked']!)
        },
        reference: ({ x }) =>
          tensorOf([picked.length, width], ([row, column]) => {
            const at = picked[row!]!
            return elementAt(x!, [part === 0 ? at : rowOfPlace[at]!, column!])
          }),
      }
    })
    expect(mismatches).toEqual([])
  }
})
