import { readFileSync } from 'node:fs'
import { assert, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyLevelMatrix } from '../level-matrix.ts'
import { findQuantization, quantizations } from './quantizations.ts'

interface Golden {
  readonly bytes: string
  readonly numbers: string
}

const goldens = new Map<string, Golden>(
  Object.entries(JSON.parse(readFileSync(new URL('../fixtures/quantization.json', import.meta.url), 'utf8'))),
)

const decode = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, 'base64'))

test('there is a golden for every type', () => {
  expect(quantizations.map(({ name }) => name).toSorted()).toEqual([...goldens.keys()].toSorted())
})

test.each(quantizations)('$name gives the bits of the gguf package', (quantization) => {
  const golden = goldens.get(quantization.name)
  const bytes = decode(golden?.bytes ?? '')
  const expected = new Float32Array(decode(golden?.numbers ?? '').buffer)
  expect(expected.length).toBe((bytes.length / quantization.blockBytes) * quantization.blockSize)
  expect(expected.length).toBeGreaterThan(500)

  const out = new Float32Array(expected.length)
  quantization.dequantize(bytes, out)

  const wrong = [...out.keys()].filter((index) => !Object.is(out[index], expected[index]))
  expect(wrong).toEqual([])
})

const withLevels = quantizations.filter(({ levels }) => levels !== undefined)

test('there are types with levels', () => {
  expect(withLevels.map(({ name }) => name)).toEqual(expect.arrayContaining(['Q4_0', 'Q4_1', 'Q4_K', 'Q8_0']))
})

test.each(withLevels)('levels of $name are its numbers', (quantization) => {
  const golden = goldens.get(quantization.name)
  const bytes = decode(golden?.bytes ?? '')
  const expected = new Float32Array(decode(golden?.numbers ?? '').buffer)
  const levels = quantization.levels!
  const matrix = emptyLevelMatrix(levels.bits, expected.length)
  levels.read(bytes, matrix, 0)
  const wrong = [...matrix.levels.entries()].filter(([index, level]) => {
    const [scale, minimum] = [matrix.scales[index >> 5]!, matrix.minimums[index >> 5]!]
    const furthest = 2 ** -23 * (Math.abs(scale * level) + Math.abs(minimum))
    const number = expected[index]!
    return (
      level >= 2 ** levels.bits ||
      (Number.isFinite(number) && Math.abs(scale * level + minimum - number) > furthest)
    )
  })
  expect(wrong).toEqual([])
})

describe.each(quantizations)('any bytes as $name', (quantization) => {
  const { blockBytes, blockSize } = quantization
  const block = uint8Array({ minLength: blockBytes, maxLength: blockBytes })

  /** The numbers of the blocks, which lie in a buffer where everything around them is `filler`. */
  const numbersOf = (blocks: readonly Uint8Array[], filler: number): Float32Array => {
    const around = 512
    const buffer = new Uint8Array(2 * around + blocks.length * blockBytes).fill(filler)
    blocks.forEach((bytes, index) => buffer.set(bytes, around + index * blockBytes))
    const out = new Float32Array(2 * around + blocks.length * blockSize).fill(7)
    const within = out.subarray(around, around + blocks.length * blockSize)
    quantization.dequantize(buffer.subarray(around, around + blocks.length * blockBytes), within)
    expect(
      [...out.subarray(0, around), ...out.subarray(around + within.length)].every((each) => each === 7),
    ).toBe(true)
    return within
  }

  test('nothing outside a block is read or written, and blocks do not touch each other', () => {
    assert(
      property(block, block, (one, other) => {
        const together = numbersOf([one, other], 0)
        expect(together).toEqual(numbersOf([one, other], 255))
        expect(together.subarray(0, blockSize)).toEqual(numbersOf([one], 0))
        expect(together.subarray(blockSize)).toEqual(numbersOf([other], 0))
      }),
      { numRuns: 50 },
    )
  })
})

test('a type that cannot be read is refused by name', () => {
  expect(() => findQuantization(16, 'x.gguf', 'a.weight')).toThrow(
    expect.objectContaining({
      code: 'E_MODEL_UNSUPPORTED',
      message: expect.stringMatching(/"a.weight".*IQ2_XXS/),
      hint: expect.stringContaining('Q4_K'),
    }),
  )
  expect(() => findQuantization(4000, 'x.gguf', 'a.weight')).toThrow(
    expect.objectContaining({ code: 'E_MODEL_FILE', at: { file: 'x.gguf' } }),
  )
})
