import { array, assert, integer, property, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadTinyModel } from '../testing/tiny-model.ts'
import { createBatch, roundUp } from './batch.ts'
import { trainedTokens, type EncodedExample } from './encoded-example.ts'

describe('rounding up', () => {
  test('gives these sizes', () => {
    const sizes = new Set(Array.from({ length: 320 }, (_, index) => roundUp(index + 1)))
    const small = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    expect([...sizes]).toEqual(small)
  })

  test('never falls short, adds at most a quarter beyond 32, and leaves its own sizes', () => {
    assert(
      property(integer({ min: 1, max: 100_000 }), integer({ min: 0, max: 1000 }), (size, more) => {
        const rounded = roundUp(size)
        expect(rounded).toBeGreaterThanOrEqual(size)
        expect(rounded).toBeLessThanOrEqual(Math.max(size + 7, size * 1.25))
        expect(roundUp(rounded)).toBe(rounded)
        expect(roundUp(size + more)).toBeGreaterThanOrEqual(rounded)
      }),
    )
  })

  test('makes few sizes', () => {
    const sizes = new Set(Array.from({ length: 8192 }, (_, index) => roundUp(index + 1)))
    expect(sizes.size).toBeLessThan(40)
  })
})

const example = (tokens: number[], trained: number[]): EncodedExample => ({
  id: tokens.join(' '),
  tokens,
  trained: tokens.map((_, position) => trained.includes(position)),
})

const { config } = await loadTinyModel('llama-tiny')
const numbers = (tensor: { data: ArrayLike<number | bigint> } | undefined): number[] =>
  Array.from(tensor?.data ?? [], Number)

/** Every token has one row and one place that point to each other; what is left over points to what is left over. */
function expectInverse(
  rowOfPlace: readonly number[],
  placeOfRow: readonly number[],
  prefixLength: number,
  examples: readonly EncodedExample[],
): void {
  const used = prefixLength + examples.reduce((sum, { tokens }) => sum + tokens.length - prefixLength, 0)
  const unusedPlaces = new Set(
    rowOfPlace.flatMap((row, place) => (row >= used ? [prefixLength + place] : [])),
  )
  expect(unusedPlaces.size > 0).toBe(placeOfRow.length > used)
  expect(rowOfPlace.length - unusedPlaces.size).toBe(used - prefixLength)
  const rowAt = [...Array(prefixLength).keys(), ...rowOfPlace]
  expect(placeOfRow.slice(0, used).map((place) => rowAt[place])).toEqual([...Array(used).keys()])
  expect(placeOfRow.slice(used).filter((place) => !unusedPlaces.has(place))).toEqual([])
  expect(Math.max(...rowOfPlace)).toBeLessThan(placeOfRow.length)
}

describe('a batch', () => {
  test('holds the prefix once, then each rest without padding, and where each row stands in a rectangle', () => {
    const examples = [example([1, 2, 3, 4, 5], [3, 4]), example([1, 2, 6], [2])]
    const { feeds, rows, exampleOfRow } = createBatch(config, examples, {
      prefixLength: 2,
      tokenWeight: 0.25,
    })
    // Six rows are used; there are never more than the rectangle and the prefix would have.
    expect(rows).toBe(2 + 2 * 8)
    expect(numbers(feeds['tokens'])).toEqual([1, 2, 3, 4, 5, 6, ...Array.from({ length: 12 }, () => 0)])
    expect(feeds['row_of_place']?.shape).toEqual([2, 8])
    expect(numbers(feeds['row_of_place'])).toEqual([2, 3, 4, 6, 6, 6, 6, 6, 5, 6, 6, 6, 6, 6, 6, 6])
    expect(numbers(feeds['place_of_row'])).toEqual([
      0,
      1,
      2,
      3,
      4,
      10,
      ...Array.from({ length: 12 }, () => 5),
    ])
    // Token 3 of the first example is predicted from row 2; 6 of the second from the prefix's last row.
    expect(exampleOfRow).toEqual([0, 0, 1])
    expect(numbers(feeds['loss_rows'])).toEqual([2, 3, 1, 0, 0, 0, 0, 0])
    expect(numbers(feeds['targets'])).toEqual([4, 5, 6, 0, 0, 0, 0, 0])
    expect(numbers(feeds['loss_weights'])).toEqual([0.25, 0.25, 0.25, 0, 0, 0, 0, 0])
  })

  test('weighs the tokens of each example', () => {
    const examples = [{ ...example([1, 2, 3], [1, 2]), weight: 4 }, example([1, 2, 5], [2])]
    const { feeds } = createBatch(config, examples, { prefixLength: 0, tokenWeight: 0.5 })
    expect(numbers(feeds['loss_weights']).slice(0, 4)).toEqual([2, 2, 0.5, 0])
  })

  test('several examples may be trained at the last row of the prefix, each with its own target', () => {
    const examples = [example([1, 2, 3], [2]), example([1, 2, 4], [2]), example([1, 2, 5], [])]
    const { feeds, exampleOfRow } = createBatch(config, examples, {
      prefixLength: 2,
      tokenWeight: 1,
    })
    expect(exampleOfRow).toEqual([0, 1])
    expect(numbers(feeds['loss_rows']).slice(0, 2)).toEqual([1, 1])
    expect(numbers(feeds['targets']).slice(0, 2)).toEqual([3, 4])
  })

  test('the rows of every example stand at its own positions', () => {
    const examples = [example([1, 2, 3], [2]), example([1, 4, 5, 6], [2])]
    const { feeds } = createBatch(config, examples, { prefixLength: 1, tokenWeight: 1 })
    const pairs = config.headSize / 2
    // The first pair turns by one radian a position.
    const angles = numbers(feeds['cosines_0']).filter((_, index) => index % pairs === 0)
    const unused = Array.from({ length: 11 }, () => 0)
    expect(angles).toEqual([0, 1, 2, 1, 2, 3, ...unused].map((position) => Math.fround(Math.cos(position))))
    expect(feeds['sines_0']?.shape).toEqual([17, pairs])
  })

  test('a token that carries loss is a loss row, whatever part of the prefix is shared', () => {
    const examples = tuple(
      integer({ min: 0, max: 12 }),
      array(array(integer({ min: 1, max: 96 }), { minLength: 1, maxLength: 30 }), {
        minLength: 1,
        maxLength: 5,
      }),
    )
    assert(
      property(examples, integer({ min: 0, max: 12 }), ([common, rests], cut) => {
        const shared = Array.from({ length: common }, (_, index) => index + 1)
        const all = rests.map((rest) => {
          const tokens = [...shared, ...rest]
          return example(
            tokens,
            [...tokens.keys()].filter((at) => at >= common && (at + rest[0]!) % 3 > 0),
          )
        })
        const prefixLength = Math.min(cut, common)
        const { feeds, exampleOfRow, rows } = createBatch(config, all, {
          prefixLength,
          tokenWeight: 0.5,
        })
        const [, length = 0] = feeds['row_of_place']?.shape ?? []
        const tokenOfRow = numbers(feeds['tokens'])
        expect(rows).toBe(tokenOfRow.length)
        expectInverse(numbers(feeds['row_of_place']), numbers(feeds['place_of_row']), prefixLength, all)
        expect(length).toBe(roundUp(Math.max(...all.map(({ tokens }) => tokens.length)) - prefixLength))
        const trained = all.reduce((sum, one) => sum + trainedTokens(one), 0)
        expect(exampleOfRow).toHaveLength(trained)
        const lossRows = numbers(feeds['loss_rows'])
        expect(lossRows).toHaveLength(roundUp(Math.max(1, trained)))
        expect(numbers(feeds['loss_weights'])).toEqual(lossRows.map((_, row) => (row < trained ? 0.5 : 0)))
        // Each loss row is the token before its target, in its own example.
        const expected = all.flatMap(({ tokens, trained: carries }) =>
          tokens.flatMap((token, at) => (at > 0 && carries[at] === true ? [[tokens[at - 1], token]] : [])),
        )
        const found = exampleOfRow.map((_, row) => [
          tokenOfRow[lossRows[row]!],
          numbers(feeds['targets'])[row],
        ])
        expect(found).toEqual(expected)
      }),
    )
  })

  test('an example without a trained token gives one row of weight 0', () => {
    const { feeds, exampleOfRow } = createBatch(config, [example([1, 2], [])], {
      prefixLength: 0,
      tokenWeight: Infinity,
    })
    expect(exampleOfRow).toEqual([])
    expect(numbers(feeds['loss_weights'])).toEqual(Array.from({ length: 8 }, () => 0))
  })
})
