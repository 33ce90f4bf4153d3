import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ggufConfigJson } from '../weights/gguf-config-json.ts'
import { ggufWeights } from '../weights/gguf-weights.ts'
import { openGguf, type GgufFile } from '../weights/gguf.ts'
import { safetensorsWeights } from '../weights/safetensors-weights.ts'
import { findArchitecture, findGgufArchitecture } from './registry.ts'

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const names = readdirSync(fixtures).map((file) => file.replace(/\.gguf$/, ''))

async function closing(name: string): Promise<{ gguf: GgufFile } & AsyncDisposable> {
  const gguf = await openGguf(join(fixtures, `${name}.gguf`))
  return { gguf, [Symbol.asyncDispose]: () => gguf.close() }
}

test('there are files of every architecture that is read from GGUF', async () => {
  const seen = new Set<unknown>()
  for (const name of names) {
    await using file = await closing(name)
    seen.add(file.gguf.metadata.get('general.architecture'))
  }
  expect(seen).toEqual(new Set(['gemma3', 'llama', 'phi3', 'qwen2', 'qwen3']))
})

describe.each(names)('%s.gguf', (name) => {
  test('means the same model as its Hugging Face folder', async () => {
    const folder = join('test', 'fixtures', name)
    const json = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>
    const original = findArchitecture((json['architectures'] as string[])[0] ?? '')
    const config = original.config(json)
    await using file = await closing(name)
    const architecture = findGgufArchitecture(String(file.gguf.metadata.get('general.architecture')))
    expect(architecture).toBe(original)
    const mapping = architecture.gguf
    if (mapping === undefined) throw new Error(`${name} has no mapping`)

    const own = architecture.config(await ggufConfigJson(file.gguf, mapping))
    const { rotations, ...numbers } = own
    const { rotations: originalRotations, ...originalNumbers } = config
    expect(numbers).toEqual(originalNumbers)
    for (const [index, { frequencies, long, magnitude }] of originalRotations.entries()) {
      const rotation = rotations[index]
      expect(rotation?.magnitude).toBeCloseTo(magnitude, 6)
      expect(rotation?.frequencies.length).toBe(frequencies.length)
      for (const [pair, frequency] of frequencies.entries())
        expect((rotation?.frequencies[pair] ?? 0) / frequency).toBeCloseTo(1, 6)
      for (const [pair, frequency] of (long?.frequencies ?? []).entries())
        expect((rotation?.long?.frequencies[pair] ?? 0) / frequency).toBeCloseTo(1, 6)
    }

    const specs = architecture.tensors(own)
    const converted = ggufWeights(file.gguf, mapping, own, specs)
    const expected = await safetensorsWeights([join(folder, 'model.safetensors')])
    expect(converted.names().toSorted()).toEqual(expected.names().toSorted())
    for (const tensor of expected.names()) {
      expect(converted.shape(tensor)).toEqual(expected.shape(tensor))
      const [left, right] = [await converted.read(tensor), await expected.read(tensor)]
      // A norm that was stored with 1 added has lost its last bits.
      const furthest = right.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (left[at] ?? Number.NaN))),
        0,
      )
      expect(furthest).toBeLessThanOrEqual(mapping.offset(tensor) === 0 ? 0 : 1e-7)
    }
    await expected.close()
  })
})
