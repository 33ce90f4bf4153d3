import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { loadTinyModel, openInferenceModel, openTrainingSession } from '../testing/tiny-model.ts'
import { createBatch } from '../train/batch.ts'
import { readSafetensors } from '../weights/safetensors.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { readAdapter, writeAdapter } from './adapter-files.ts'
import {
  emptyAdapter,
  adapterTensorSpecs,
  type Adapter,
  type AdapterConfig,
  firstAdaptedLayer,
  topLayers,
} from './adapter.ts'
import { toPeftConfig } from './peft-config.ts'

const tiny = await loadTinyModel('llama-tiny')
const fixtures = join('src', 'engine', 'adapter', 'fixtures')
const foreign = ['patterns', 'regex', 'all-linear', 'top-layers']
const own = 'hone-adapter'
const python = process.env['HONE_PYTHON']

/** As in bench/peers/adapter_goldens.py. */
const sequence = [5, 17, 3, 88, 42, 9, 61, 30, 30, 7, 96, 54]

async function logitsOf(file: string): Promise<Float32Array> {
  const tensor = (await readSafetensors(file)).tensors.get('logits')
  if (tensor === undefined) throw new Error(`${file} holds no logits`)
  expect(tensor.shape).toEqual([sequence.length, tiny.config.vocabularySize])
  return tensor.data
}

/** Largest difference from PEFT's log-probabilities: of every next token when served, of the sequence when trained. */
async function differences(
  adapter: Adapter,
  golden: Float32Array,
): Promise<{ served: number; trained: number }> {
  const { vocabularySize } = tiny.config
  const logProbability = (position: number, token: number): number => {
    const row = golden.subarray(position * vocabularySize, (position + 1) * vocabularySize)
    const largest = row.reduce((most, logit) => Math.max(most, logit))
    return (
      (row[token] ?? 0) - largest - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0))
    )
  }
  await using model = await openInferenceModel(tiny, adapter)
  let served = 0
  for (let length = 1; length < sequence.length; length++) {
    const candidates = Array.from({ length: vocabularySize }, (_, token) => [
      ...sequence.slice(0, length),
      token,
    ])
    const scores = await model.score(candidates, model.emptyPrefix)
    for (const [token, score] of scores.entries()) {
      const last = score.at(-1) ?? Number.NaN
      served = Math.max(served, Math.abs(last - logProbability(length - 1, token)))
    }
  }
  await using session = await openTrainingSession(tiny, adapter, 'loss')
  const example = { id: 'one', tokens: sequence, trained: sequence.map(() => true) }
  const batch = createBatch(tiny.config, [example], { prefixLength: 0, tokenWeight: 1 })
  const outputs = await session.run({ ...batch.feeds, ...Object.fromEntries(adapter.tensors) })
  const trained = Array.from(outputs['log_probabilities']?.data as Float32Array)
    .slice(0, sequence.length - 1)
    .map((value, index) => Math.abs(value - logProbability(index, sequence[index + 1] ?? 0)))
  expect(trained).toHaveLength(sequence.length - 1)
  return { served, trained: Math.max(...trained) }
}

/** Ranks and alphas that differ from module to module, on some layers only, with the scale of rsLoRA. */
function ownAdapter(): Adapter {
  const config: AdapterConfig = {
    rank: 2,
    alpha: 3,
    targetModules: ['q_proj', 'k_proj', 'up_proj'],
    scaling: 'rslora',
    modules: {
      'model.layers.0.self_attn.q_proj': { rank: 2, alpha: 3 },
      'model.layers.0.self_attn.k_proj': { rank: 3, alpha: 3 },
      'model.layers.2.mlp.up_proj': { rank: 1, alpha: 2.5 },
    },
  }
  return randomAdapter(config)
}

const topLayersAdapter = (): Adapter =>
  randomAdapter({ rank: 2, alpha: 3, targetModules: ['q_proj', 'up_proj'], ...topLayers(2, tiny.config) })

function randomAdapter(config: AdapterConfig): Adapter {
  const adapter = emptyAdapter(adapterTensorSpecs(tiny.architecture, tiny.config, config), config)
  const random = createRandom(3)
  for (const { data } of adapter.tensors.values()) {
    for (let index = 0; index < data.length; index++) data[index] = random.next() - 0.5
  }
  return adapter
}

describe('adapters of PEFT in other forms', () => {
  test.each(foreign)('%s gives the same probabilities here, served and trained', async (name) => {
    const folder = join(fixtures, name)
    const adapter = await readAdapter(folder, tiny.architecture, tiny.config)
    const { served, trained } = await differences(adapter, await logitsOf(join(folder, 'logits.safetensors')))
    expect(served).toBeLessThan(1e-4)
    expect(trained).toBeLessThan(1e-4)
  })

  test('their settings are read module by module', async () => {
    const { config } = await readAdapter(join(fixtures, 'patterns'), tiny.architecture, tiny.config)
    expect(config.scaling).toBe('rslora')
    expect(config.modules).toEqual({
      'model.layers.0.self_attn.q_proj': { rank: 2, alpha: 5 },
      'model.layers.0.self_attn.v_proj': { rank: 2, alpha: 5 },
      'model.layers.0.mlp.down_proj': { rank: 1, alpha: 7 },
      'model.layers.2.self_attn.q_proj': { rank: 3, alpha: 5 },
      'model.layers.2.self_attn.v_proj': { rank: 2, alpha: 5 },
      'model.layers.2.mlp.down_proj': { rank: 1, alpha: 7 },
    })
    const all = await readAdapter(join(fixtures, 'all-linear'), tiny.architecture, tiny.config)
    expect(all.config).toEqual({
      rank: 1,
      alpha: 2,
      targetModules: ['q_proj', 'k_proj', 'v_proj', 'gate_proj', 'up_proj', 'down_proj'],
    })
  })

  test('one of the top layers is read and written as such', async () => {
    const { config } = await readAdapter(join(fixtures, 'top-layers'), tiny.architecture, tiny.config)
    expect(config).toEqual({ rank: 2, alpha: 4, targetModules: ['q_proj', 'up_proj'], layers: [1, 2] })
    expect(config.layers).toEqual(topLayers(2, tiny.config).layers)
    expect(firstAdaptedLayer(tiny.architecture, tiny.config, config)).toBe(1)
    expect(toPeftConfig(config, 'llama-tiny')).toMatchObject({
      target_modules: ['q_proj', 'up_proj'],
      layers_to_transform: [1, 2],
    })
    expect(topLayers('all', tiny.config)).toEqual({})
    expect(topLayers(tiny.config.layers, tiny.config)).toEqual({})
  })

  test.each([...foreign, own])('%s written here and read again is the same adapter', async (name) => {
    const adapter = await readAdapter(join(fixtures, name), tiny.architecture, tiny.config)
    const copy = temporaryFolder()
    await writeAdapter(copy, adapter, 'llama-tiny')
    expect(await readAdapter(copy, tiny.architecture, tiny.config)).toEqual(adapter)
  })
})

describe('an adapter of Hone in PEFT', () => {
  const golden = join(fixtures, own)

  test('is written as the one that PEFT computed with, and computes the same', async () => {
    const folder = temporaryFolder()
    const adapter = ownAdapter()
    await writeAdapter(folder, adapter, 'llama-tiny')
    expect(readdirSync(folder)).toHaveLength(2)
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name)).equals(readFileSync(join(golden, name)))).toBe(true)
    }
    const { served, trained } = await differences(adapter, await logitsOf(join(golden, 'logits.safetensors')))
    expect(served).toBeLessThan(1e-4)
    expect(trained).toBeLessThan(1e-4)
  })

  if (python === undefined)
    process.stderr.write('the PEFT that is installed is not asked: HONE_PYTHON is not set\n')
  // HONE_PYTHON names a Python with the packages of bench/peers/requirements.txt.
  test.skipIf(python === undefined).each([
    ['with ranks of its own', ownAdapter],
    ['of the top layers', topLayersAdapter],
  ])('%s gives the same logits with the PEFT that is installed', async (_, create) => {
    const folder = temporaryFolder()
    const adapter = create()
    await writeAdapter(folder, adapter, 'llama-tiny')
    const file = join(folder, 'logits.safetensors')
    const script = join('bench', 'peers', 'adapter_goldens.py')
    execFileSync(python ?? '', [script, 'logits', tiny.folder, folder, file], { stdio: 'ignore' })
    const { served } = await differences(adapter, await logitsOf(file))
    expect(served).toBeLessThan(1e-4)
  })
})
