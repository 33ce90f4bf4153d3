import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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

test('a type that cannot be read is refused by name', () => {
  expect(() => findQuantization(12, 'x.gguf', 'a.weight')).toThrow(
    expect.objectContaining({ code: 'E_MODEL_UNSUPPORTED', message: expect.stringContaining('Q4_K') }),
  )
  expect(() => findQuantization(4000, 'x.gguf', 'a.weight')).toThrow(
    expect.objectContaining({ code: 'E_MODEL_FILE', at: { file: 'x.gguf' } }),
  )
})
