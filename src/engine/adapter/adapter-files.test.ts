import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { loadTinyModel, tinyModels, type TinyModel } from '../testing/tiny-model.ts'
import { readSafetensors, writeSafetensors, type Tensor } from '../weights/safetensors.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { readAdapter, writeAdapter } from './adapter-files.ts'
import { adaptedModules, initializeAdapter, parametersOf, type Adapter } from './adapter.ts'

const models = new Map<string, TinyModel>()
for (const name of tinyModels) models.set(name, await loadTinyModel(name))
const tiny = models.get('llama-tiny')!

const read = (folder: string, { architecture, config }: TinyModel = tiny): Promise<Adapter> =>
  readAdapter(folder, architecture, config)

const weightsFile = 'adapter_model.safetensors'

/** Names, shapes and bits of all tensors of a file. */
async function contentOf(folder: string): Promise<[string, readonly number[], string][]> {
  const { tensors } = await readSafetensors(join(folder, weightsFile))
  return [...tensors]
    .map(([name, { shape, data }]): [string, readonly number[], string] => [
      name,
      shape,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
    ])
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
}

describe('an adapter of PEFT', () => {
  const cases = tinyModels.flatMap((model) =>
    ['adapter', 'initial-adapter', 'trained-adapter'].map((adapter) => [model, adapter] as const),
  )

  test.each(cases)('%s/%s read and written again holds the same bits', async (name, which) => {
    const model = models.get(name)!
    const source = join(model.folder, which)
    const adapter = await read(source, model)
    const copy = join(temporaryFolder(), 'copy')
    await writeAdapter(copy, adapter, 'a base')
    const content = await contentOf(copy)
    expect(content).toHaveLength(3 * 7 * 2)
    expect(content).toEqual(await contentOf(source))
    expect(await read(copy, model)).toEqual(adapter)
  })

  test('lists its modules in the order of the architecture, whatever order they are named in', async () => {
    const adapter = await read(join(tiny.folder, 'adapter'))
    expect(adapter.config).toEqual({ rank: 4, alpha: 8, targetModules: tiny.architecture.linearModules })
    expect([...adapter.tensors.keys()].slice(0, 3)).toEqual([
      'model.layers.0.self_attn.q_proj.lora_A.weight',
      'model.layers.0.self_attn.q_proj.lora_B.weight',
      'model.layers.0.self_attn.k_proj.lora_A.weight',
    ])
  })
})

describe('an adapter that was written', () => {
  const adapterConfig = { rank: 2, alpha: 3.5, targetModules: ['q_proj', 'down_proj'] }
  const adapter = initializeAdapter(tiny.architecture, tiny.config, adapterConfig, 7)

  test('reads back the same, with what PEFT wants to know', async () => {
    const folder = join(temporaryFolder(), 'deep', 'adapter')
    await writeAdapter(folder, adapter, 'tiny')
    const back = await read(folder)
    expect(back).toEqual(adapter)
    expect(parametersOf(back)).toEqual(parametersOf(adapter))
    expect(readdirSync(folder).toSorted()).toEqual(['adapter_config.json', weightsFile])
    expect(JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8'))).toMatchObject({
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      base_model_name_or_path: 'tiny',
      r: 2,
      lora_alpha: 3.5,
      target_modules: ['q_proj', 'down_proj'],
      use_dora: false,
      use_rslora: false,
    })
    expect((await readSafetensors(join(folder, weightsFile))).metadata).toEqual({ format: 'pt' })
  })

  test('takes the place of one that was there', async () => {
    const folder = temporaryFolder()
    await writeAdapter(folder, initializeAdapter(tiny.architecture, tiny.config, adapterConfig, 8), 'tiny')
    await writeAdapter(folder, adapter, 'tiny')
    expect(await read(folder)).toEqual(adapter)
  })

  test('where nothing can be written is E_DISK', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    await expect(writeAdapter(join(file, 'x'), adapter, 'tiny')).rejects.toMatchObject({ code: 'E_DISK' })
  })
})

/** A copy of PEFT's adapter with its settings or tensors changed. */
async function changed(
  settings: Readonly<Record<string, unknown>>,
  change: (tensors: Map<string, Tensor>) => void = () => undefined,
): Promise<string> {
  const source = join(tiny.folder, 'adapter')
  const folder = join(temporaryFolder(), 'adapter')
  mkdirSync(folder)
  const json = JSON.parse(readFileSync(join(source, 'adapter_config.json'), 'utf8')) as object
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify({ ...json, ...settings }))
  const { tensors } = await readSafetensors(join(source, weightsFile))
  const own = new Map(tensors)
  change(own)
  await writeSafetensors(join(folder, weightsFile), own)
  return folder
}

const scalesOf = ({ config }: Adapter): Set<number> =>
  new Set([...adaptedModules(tiny.architecture, tiny.config, config).values()].map(({ scale }) => scale))

test('the scale of rsLoRA is alpha over the root of the rank', async () => {
  const adapter = await read(await changed({ use_rslora: true }))
  expect(adapter.config).toMatchObject({ rank: 4, alpha: 8, scaling: 'rslora' })
  expect(scalesOf(adapter)).toEqual(new Set([4]))
  expect(scalesOf(await read(await changed({})))).toEqual(new Set([2]))
  const folder = join(temporaryFolder(), 'own')
  await writeAdapter(folder, adapter, 'tiny', { dropout: 0.1 })
  expect(JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8'))).toMatchObject({
    use_rslora: true,
    lora_dropout: 0.1,
  })
  expect((await read(folder)).config).toEqual(adapter.config)
})

describe('kinds that would be computed wrongly are refused by the name of the setting', () => {
  test.each<[string, unknown]>([
    ['peft_type', 'LOHA'],
    ['use_dora', true],
    ['use_rslora', 'yes'],
    ['modules_to_save', ['lm_head']],
    ['bias', 'all'],
    ['lora_bias', true],
    ['fan_in_fan_out', true],
    ['target_modules', []],
    ['target_modules', '(a'],
    ['target_modules', '([a-z._0-9]+)+!'],
    ['target_modules', ['q_proj', 'lm_head']],
    ['layers_pattern', 'blocks'],
    ['rank_pattern', { q_proj: 0.5 }],
    ['init_lora_weights', 'pissa_niter_4'],
    ['init_lora_weights', 'olora'],
    ['alora_invocation_tokens', [1, 2]],
    ['layer_replication', [[0, 2]]],
    ['trainable_token_indices', [0]],
    ['use_qalora', true],
    ['r', 0],
    ['r', 2.5],
    ['lora_alpha', 'x'],
  ])('%s: %j', async (name, value) => {
    await expect(read(await changed({ [name]: value }))).rejects.toMatchObject({
      code: 'E_MODEL_UNSUPPORTED',
      at: { pointer: expect.stringMatching(new RegExp(`^/${name}`)) },
    })
  })

  test.each<[string, unknown]>([
    ['init_lora_weights', 'gaussian'],
    ['lora_dropout', 0.1],
    ['rank_pattern', null],
    ['modules_to_save', []],
    ['target_modules', 'all-linear'],
    ['target_modules', '.*_proj'],
    ['target_modules', '(?P<a>model\\.layers\\.\\d+\\..*)'],
    ['some_setting_of_tomorrow', 1],
  ])('and %s: %j is not', async (name, value) => {
    expect((await read(await changed({ [name]: value }))).tensors.size).toBe(42)
  })
})

test.each<[Record<string, unknown>, string]>([
  [{ use_dora: true }, 'adapters with DoRA (use_dora: true) cannot be used'],
  [{ modules_to_save: ['lm_head'] }, 'adapters with modules trained in full (modules_to_save: ["lm_head"])'],
  [{ peft_type: 'IA3' }, 'adapters of the kind "IA3" cannot be used'],
  [{ bias: 'lora_only' }, 'adapters with trained biases (bias: "lora_only")'],
  [{ trainable_token_indices: [5] }, 'adapters with trained tokens (trainable_token_indices: [5])'],
  [{ target_modules: ['embed_tokens'] }, 'adapters on "embed_tokens" are not supported'],
])('%j is refused in words', async (settings, message) => {
  await expect(read(await changed(settings))).rejects.toMatchObject({
    message: expect.stringContaining(message),
  })
})

test('any value of any setting is used or refused, and nothing else', async () => {
  const folder = await changed({})
  const file = join(folder, 'adapter_config.json')
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  const names = [...Object.keys(json), 'exclude_modules', 'layers_pattern']
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('all-linear', '.*', ['q_proj'], [0], 1, { '.*': 2 }, { q_proj: 1 }, [], {}, null),
  )
  const settings = fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1, maxKeys: 3 })
  let used = 0
  await fc.assert(
    fc.asyncProperty(settings, async (changes) => {
      writeFileSync(file, JSON.stringify({ ...json, ...changes }))
      const code = await read(folder).then(
        () => 'used',
        (error: unknown) => (HoneError.isInstance(error) ? error.code : String(error)),
      )
      if (code === 'used') used += 1
      expect(code).toMatch(/^(used|E_MODEL_FILE|E_MODEL_UNSUPPORTED)$/)
    }),
    { numRuns: 200 },
  )
  expect(used).toBeGreaterThan(5)
})

const zeros = (...shape: number[]): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
})

describe('files that do not fit are refused', () => {
  const first = 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight'
  test.each<[string, (tensors: Map<string, Tensor>) => void, string]>([
    ['a missing matrix', (tensors) => tensors.delete(first), 'q_proj.lora_A.weight is missing'],
    [
      'another width',
      (tensors) => tensors.set(first, zeros(4, 33)),
      'has the shape [4, 33]; the base needs [4, 32]',
    ],
    ['a transposed matrix', (tensors) => tensors.set(first, zeros(32, 4)), 'has the shape [32, 4]'],
    [
      'more than the matrices',
      (tensors) => tensors.set('base_model.model.lm_head.weight', zeros(1)),
      'holds 1 tensors',
    ],
  ])('%s', async (_, change, message) => {
    const folder = await changed({}, change)
    await expect(read(folder)).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringContaining(message),
      at: { file: join(folder, weightsFile) },
    })
  })

  test.each([
    [{ r: 8 }, 'the base needs [8, 32]'],
    // Nothing of this size may be allocated before the file is known to hold it.
    [{ r: 2 ** 40 }, 'the base needs [1099511627776, 32]'],
    [{ target_modules: ['q_proj'] }, 'tensors that are not LoRA matrices of its target modules'],
    [{ target_modules: ['q_proj', 'c_attn'] }, 'targets "c_attn", which llama does not have'],
  ])('settings %j', async (settings, message) => {
    await expect(read(await changed(settings))).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringContaining(message),
    })
  })

  test('an adapter of another base', async () => {
    const untied = models.get('llama-tiny-untied')!
    await expect(read(join(untied.folder, 'adapter'))).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      hint: 'the adapter may belong to another base',
    })
  })

  test.each(['adapter_config.json', weightsFile])('without %s, or with a broken one', async (name) => {
    const folder = join(temporaryFolder(), 'adapter')
    cpSync(join(tiny.folder, 'adapter'), folder, { recursive: true })
    writeFileSync(join(folder, name), '{"half')
    await expect(read(folder)).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      at: { file: join(folder, name) },
    })
    rmSync(join(folder, name))
    expect(existsSync(join(folder, name))).toBe(false)
    await expect(read(folder)).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      at: { file: join(folder, name) },
    })
  })
})
