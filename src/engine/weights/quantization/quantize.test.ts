import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { quantizations } from './quantizations.ts'

const goldens = JSON.parse(
  readFileSync(new URL('../fixtures/quantized.json', import.meta.url), 'utf8'),
) as Record<string, string>
const decode = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(goldens[name] ?? '', 'base64'))
const numbers = new Float32Array(decode('numbers').buffer)
const written = quantizations.filter(({ quantize }) => quantize !== undefined)

test('there are the types that are written', () => {
  expect(written.map(({ name }) => name)).toEqual(['F32', 'F16', 'BF16', 'Q8_0'])
  expect(numbers.length).toBe(24 * 32)
})

test.each(['F16', 'BF16', 'Q8_0'])('%s is written in the bytes of the gguf package', (name) => {
  const bytes = written.find((type) => type.name === name)?.quantize?.(numbers)
  const expected = decode(name)
  expect(bytes?.length).toBe(expected.length)
  expect([...expected.keys()].filter((at) => bytes?.[at] !== expected[at])).toEqual([])
})

test.each(written)('$name: what was read is written as it was', (type) => {
  const { name } = type
  const bytes = name === 'F32' ? decode('numbers') : decode(name)
  const read = new Float32Array(numbers.length)
  type.dequantize(bytes, read)
  const once = type.quantize?.(read) ?? new Uint8Array()
  const again = new Float32Array(numbers.length)
  type.dequantize(once, again)
  expect([...again.keys()].filter((at) => again[at] !== read[at])).toEqual([])
})
