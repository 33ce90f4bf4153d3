import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ggufConfigJson } from '../weights/gguf-config-json.ts'
import { ggufWeights } from '../weights/gguf-weights.ts'
import { openGguf, type GgufFile } from '../weights/gguf.ts'
import { safetensorsWeights } from '../weights/safetensors-weights.ts'
import type { Architecture, ModelConfig } from './architecture.ts'
import { findArchitecture, findGgufArchitecture } from './registry.ts'
import { isSameModel } from './same-model.ts'

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const names = readdirSync(fixtures).map((file) => file.replace(/\.gguf$/, ''))

function readFolder(name: string): { architecture: Architecture; config: ModelConfig } {
  const file = join('test', 'fixtures', name, 'config.json')
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  const architecture = findArchitecture((json['architectures'] as string[])[0] ?? '')
  return { architecture, config: architecture.config(json) }
}

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
    const { architecture: original, config } = readFolder(name)
    await using file = await closing(name)
    const architecture = findGgufArchitecture(String(file.gguf.metadata.get('general.architecture')))
    expect(architecture).toBe(original)
    const mapping = architecture.gguf
    if (mapping === undefined) throw new Error(`${name} has no mapping`)

    const own = architecture.config(await ggufConfigJson(file.gguf, mapping))
    expect(isSameModel(own, config)).toBe(true)

    const specs = architecture.tensors(own)
    const converted = ggufWeights(file.gguf, mapping, own, specs)
    const expected = await safetensorsWeights([join('test', 'fixtures', name, 'model.safetensors')])
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

const folders = readdirSync(join('test', 'fixtures')).filter((name) => name.includes('-tiny'))

test('what is written of a configuration means the same model, where the format has words for it', () => {
  const lost = folders.filter((name) => {
    const { architecture, config } = readFolder(name)
    const mapping = architecture.gguf
    if (mapping === undefined) throw new Error(`${architecture.name} has no mapping`)
    const { texts, counts, floats, tensors } = mapping.written(config)
    const single = Object.entries(floats).map(([key, value]) => [key, Math.fround(value)] as const)
    const json = mapping.config(
      new Map<string, unknown>([...Object.entries({ ...texts, ...counts }), ...single]),
      {
        names: new Set(architecture.tensors(config).map((tensor) => mapping.tensorName(tensor.name))),
        settings: new Map(Object.entries(tensors)),
      },
    )
    return !isSameModel(architecture.config({ ...json, tie_word_embeddings: config.tiedEmbeddings }), config)
  })
  expect(folders.length).toBeGreaterThan(10)
  // A window in every layer or the last ones, and a scale of the scores that is not the head's.
  expect(lost).toEqual(['gemma3-tiny', 'mistral-tiny', 'qwen2-window-tiny'])
})
