import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findModelFolder, listModels, removeModel } from './models.ts'
import { readModelFolders } from './read-model.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hone-test-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function addModel(id: string, manifest: object | string): string {
  const folder = join(home, 'models', id)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'manifest.json'),
    typeof manifest === 'string' ? manifest : JSON.stringify({ schema: 1, id, ...manifest }),
  )
  return folder
}

const base = {
  kind: 'base',
  architecture: 'llama',
  parameters: 12,
  contextLength: 64,
  licence: 'Apache-2.0',
  source: { kind: 'folder', name: '/small', files: [] },
  weights: [{ name: 'model.safetensors', bytes: 1, sha256: '00' }],
  createdAt: '2026-11-21T00:00:00Z',
}
const tuned = {
  kind: 'tuned',
  base: { id: 'small', folder: '/small', weights: '00' },
  adapter: 'adapter',
  stepsDone: 9,
  bestStep: 8,
  metrics: { firstLoss: 2, lastLoss: 1, bestValidationLoss: 1.5 },
  createdAt: '2026-11-21T00:00:00Z',
}

function addJob(id: string): string {
  const folder = join(home, 'models', id)
  mkdirSync(folder, { recursive: true })
  const settings = {
    rank: 4,
    alpha: 8,
    targets: ['q_proj'],
    epochs: 1,
    maxSteps: null,
    batchSize: 2,
    accumulate: 1,
    learningRate: 0.001,
    schedule: 'cosine',
    warmup: 0,
    weightDecay: 0,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    clip: 1,
    seed: 7,
    validationEvery: 5,
    checkpointEvery: 5,
    earlyStopping: null,
  }
  const job = {
    schema: 1,
    kind: 'training-job',
    id,
    settings,
    steps: 40,
    createdAt: '2026-11-21T00:00:00Z',
    base: tuned.base,
    data: { training: { file: 'data/train.jsonl', examples: 9, sha256: '00' }, validation: null },
    template: { sha256: '00', defaultSystemPrompt: null },
    environment: { hone: '0', node: '20', runtime: '1', platform: 'linux', cpu: 'x', threads: 1 },
  }
  writeFileSync(join(folder, 'job.json'), JSON.stringify(job))
  return folder
}

describe('listing', () => {
  test('bases, tuned models and unfinished runs, with fields that this version does not know', async () => {
    const folder = addModel('small', base)
    mkdirSync(join(folder, 'nested'))
    writeFileSync(join(folder, 'nested', 'weights'), Buffer.alloc(1_000))
    addModel('router-1', { ...tuned, future: [1] })
    addJob('router-2')
    const models = await listModels(home)
    expect(models).toMatchObject([
      { id: 'router-1', kind: 'tuned', base: 'small', steps: 9, bestStep: 8, bestValidationLoss: 1.5 },
      { id: 'router-2', kind: 'unfinished', base: 'small', steps: 40 },
      { id: 'small', kind: 'base', source: '/small', parameters: 12, licence: 'Apache-2.0' },
    ])
    expect(models[2]?.bytes).toBeGreaterThan(1_000)
  })

  test('half-made and foreign things are no models', async () => {
    addModel('small', base)
    addModel('.other.0123abcd.tmp', base)
    writeFileSync(join(home, 'models', 'file'), '')
    expect((await listModels(home)).map(({ id }) => id)).toEqual(['small'])
  })

  test('a manifest that cannot be read is said', async () => {
    addModel('a', '{')
    addModel('b', { kind: 'other' })
    addModel('c', { kind: 'base' })
    mkdirSync(join(home, 'models', 'd'))
    const models = await listModels(home)
    expect(models.map(({ id, kind }) => [id, kind])).toEqual(['a', 'b', 'c', 'd'].map((id) => [id, 'broken']))
    expect(models).toMatchObject([
      { problem: expect.stringContaining('not JSON') },
      { problem: expect.stringContaining('kind') },
      { problem: expect.stringContaining('architecture') },
      { problem: 'there is no manifest.json' },
    ])
  })

  test('no home, no models', async () => {
    expect(await listModels(join(home, 'none'))).toEqual([])
  })
})

describe('finding', () => {
  test('by id, by folder, and by a path in the home', async () => {
    const folder = addModel('small', base)
    expect(await findModelFolder(home, 'small')).toBe(folder)
    expect(await findModelFolder(join(home, 'none'), folder)).toBe(folder)
    expect(await findModelFolder(home, 'models/small')).toBe(folder)
    expect(await findModelFolder(home, addJob('router-2'))).toBe(join(home, 'models', 'router-2'))
  })

  test('an unknown name is answered with what there is', async () => {
    addModel('small', base)
    await expect(findModelFolder(home, 'smal', ['smollm2'])).rejects.toMatchObject({
      code: 'E_MODEL_UNKNOWN',
      message: 'there is no model "smal"',
      hint: 'did you mean small? Here: small. To pull: smollm2, hf:owner/name.',
    })
    await expect(findModelFolder(join(home, 'none'), 'zzz')).rejects.toMatchObject({
      hint: 'No model is here yet.',
    })
    await expect(findModelFolder(home, 'smollm2', ['smollm2'])).rejects.toMatchObject({
      hint: 'get it: hone models pull smollm2',
    })
  })

  test('a folder that is no model', async () => {
    await expect(findModelFolder(home, home)).rejects.toMatchObject({
      code: 'E_MODEL_UNKNOWN',
      hint: `take it in: hone models import ${home}`,
    })
  })
})

describe('the folders of a model', () => {
  test('a base is its own', async () => {
    const folder = addModel('small', base)
    expect(await readModelFolders(home, folder)).toEqual({ base: folder })
  })

  test('a base that moved with the home is found by its id', async () => {
    const folder = addModel('router-1', tuned)
    await expect(readModelFolders(home, folder)).rejects.toMatchObject({
      code: 'E_MODEL_UNKNOWN',
      message: 'its base small is not here any more',
    })
    const small = addModel('small', base)
    expect(await readModelFolders(home, folder)).toEqual({ base: small, adapter: join(folder, 'adapter') })
  })

  test('a manifest that is none', async () => {
    await expect(readModelFolders(home, addModel('a', { kind: 'tuned' }))).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
    })
  })
})

describe('removing', () => {
  test('takes the folder away', async () => {
    addModel('small', base)
    expect((await removeModel(home, 'small')).bytes).toBeGreaterThan(10)
    expect(readdirSync(join(home, 'models'))).toEqual([])
  })

  test('a base that tuned models need stays, unless forced', async () => {
    const folder = addModel('small', base)
    addModel('router-1', tuned)
    await expect(removeModel(home, 'small')).rejects.toMatchObject({
      code: 'E_EXISTS',
      message: expect.stringContaining('router-1'),
    })
    expect(existsSync(folder)).toBe(true)
    await removeModel(home, 'small', { force: true })
    expect(existsSync(folder)).toBe(false)
  })

  test('a training run that could go on stays, unless forced', async () => {
    const folder = addJob('router-2')
    await expect(removeModel(home, 'router-2')).rejects.toMatchObject({ code: 'E_EXISTS' })
    expect(existsSync(folder)).toBe(true)
    await removeModel(home, 'router-2', { force: true })
    expect(existsSync(folder)).toBe(false)
  })

  test('what is broken can be removed', async () => {
    const folder = addModel('small', '{')
    await removeModel(home, 'small')
    expect(existsSync(folder)).toBe(false)
  })

  test.each([
    ['nothing', 'E_MODEL_UNKNOWN'],
    ['../models', 'E_USAGE'],
    ['..', 'E_USAGE'],
  ])('%s is refused', async (id, code) => {
    addModel('small', base)
    await expect(removeModel(home, id)).rejects.toMatchObject({ code })
    expect(readdirSync(join(home, 'models'))).toEqual(['small'])
  })
})
