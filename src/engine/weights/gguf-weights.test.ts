import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ModelConfig } from '../arch/architecture.ts'
import { llamaGguf } from '../arch/llama-gguf.ts'
import { ggufWeights } from './gguf-weights.ts'
import { openGguf } from './gguf.ts'
import { sha256OfNumbers } from './testing/sha256-of-numbers.ts'

const tiny = fileURLToPath(new URL('fixtures/tiny-llama.gguf', import.meta.url))
const goldens: { sha256: Record<string, string> } = JSON.parse(
  readFileSync(new URL('fixtures/tiny-llama.json', import.meta.url), 'utf8'),
)

const config: ModelConfig = {
  architecture: 'LlamaForCausalLM',
  vocabularySize: 264,
  hiddenSize: 32,
  intermediateSize: 64,
  layers: 2,
  heads: 2,
  keyValueHeads: 1,
  headSize: 16,
  contextLength: 64,
  normEpsilon: 1e-5,
  attentionScale: 0.25,
  rotations: [],
  attention: [],
  biasedModules: [],
  tiedEmbeddings: true,
}

test('every tensor equals the one before conversion, q and k rows included', async () => {
  const names = Object.keys(goldens.sha256)
  const specs = names.map((name) => ({ name, shape: [] }))
  const source = ggufWeights(await openGguf(tiny), llamaGguf, config, specs)
  expect(source.names().toSorted()).toEqual(names.toSorted())
  const hashes: Record<string, string> = {}
  for (const name of names) hashes[name] = sha256OfNumbers(await source.read(name))
  await source.close()
  expect(hashes).toEqual(goldens.sha256)
  expect(source.shape('model.layers.1.self_attn.k_proj.weight')).toEqual([16, 32])
})

test('a tensor that the architecture does not know keeps its name', async () => {
  const specs = [{ name: 'model.norm.weight', shape: [32] }]
  const source = ggufWeights(await openGguf(tiny), llamaGguf, config, specs)
  expect(source.names()).toContain('model.norm.weight')
  expect(source.names()).toContain('blk.0.attn_q.weight')
  expect(source.names()).toHaveLength(20)
  await expect(source.read('nowhere')).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  await source.close()
})

test('a number of heads that does not divide the rows is refused', async () => {
  const name = 'model.layers.0.self_attn.q_proj.weight'
  const source = ggufWeights(await openGguf(tiny), llamaGguf, { ...config, heads: 3 }, [
    { name, shape: [32, 32] },
  ])
  await expect(source.read(name)).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  await source.close()
})
