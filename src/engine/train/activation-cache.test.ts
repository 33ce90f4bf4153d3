import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import { createRandom } from '../../lib/random.ts'
import type { FileWriter } from '../../lib/replace-file.ts'
import { initializeAdapter, parametersOf, topLayers, type Adapter } from '../adapter/adapter.ts'
import { openModelSession } from '../model-session.ts'
import {
  loadTinyModel,
  openTrainingSession,
  referenceModels,
  relativeDifference,
  toExamples,
  type GoldenBatch,
  type TinyModel,
} from '../testing/tiny-model.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { openActivationCache, removeActivations, type ActivationCacheOptions } from './activation-cache.ts'
import type { EncodedExample } from './encoded-example.ts'
import { buildFrozenGraph } from './frozen-graph.ts'
import { GradientEngine } from './gradient-engine.ts'

/** An adapter of the last layer that changes what comes out of it. */
function topAdapter({ architecture, config }: TinyModel): Adapter {
  const targetModules = architecture.linearModules
  const adapter = initializeAdapter(
    architecture,
    config,
    { rank: 2, alpha: 4, targetModules, ...topLayers(1, config) },
    5,
  )
  const random = createRandom(5)
  const parameters = parametersOf(adapter)
  for (let index = 0; index < parameters.length; index++) parameters[index] = (random.next() - 0.5) / 5
  return adapter
}

const goldenExamples = (model: TinyModel, key: string): EncodedExample[] =>
  toExamples(((model.goldens['batches'] as Record<string, GoldenBatch>)[key] as GoldenBatch).examples)

/** Examples of several lengths, most of which begin alike; one is no longer than that beginning. */
function mixedExamples(model: TinyModel): EncodedExample[] {
  const [first, ...others] = goldenExamples(model, 'sharedPrefix')
  if (first === undefined || others.length === 0) throw new Error('no examples')
  const shared = commonPrefixLength([first, ...others].map(({ tokens }) => tokens))
  const short = {
    id: 'short',
    tokens: first.tokens.slice(0, shared),
    trained: first.trained.slice(0, shared),
  }
  const [foreign] = goldenExamples(model, 'noCommonPrefix')
  const ofOther = { ...(foreign ?? first), id: 'other', tokens: (foreign ?? first).tokens.toReversed() }
  return [
    first,
    ...others,
    { ...short, trained: short.trained.map((_, index) => index === shared - 1) },
    ofOther,
  ]
}

const cacheOf = (
  model: TinyModel,
  sequences: readonly EncodedExample[],
  more: Partial<ActivationCacheOptions> = {},
): ActivationCacheOptions => {
  const layers = model.config.layers - 1
  const sharing = sequences.filter(({ id }) => id !== 'other')
  const common = commonPrefixLength(sharing.map(({ tokens }) => tokens))
  return {
    config: model.config,
    sequences,
    prefix: sequences[0]?.tokens.slice(0, common) ?? [],
    key: 'tiny',
    folder: temporaryFolder(),
    openFrozen: () =>
      openModelSession(buildFrozenGraph(model.architecture, model.config, layers), [model.weights], {
        threads: 1,
      }),
    ...more,
  }
}

const file = (folder: string, name = 'activations.fp32'): string => join(folder, name)

const never = (): Promise<never> => Promise.reject(new Error('computed again'))

test.each(await referenceModels())('%s: the same losses and gradients as without it', async (name) => {
  const model = await loadTinyModel(name)
  const adapter = topAdapter(model)
  const examples = mixedExamples(model)
  const options = cacheOf(model, examples)
  await using cache = await openActivationCache(options)
  await using whole = await openTrainingSession(model, adapter, 'gradients')
  await using top = await openTrainingSession(model, adapter, 'gradients', {
    fromLayer: model.config.layers - 1,
  })
  const batches = [
    examples.slice(0, -1),
    examples.slice(0, 1),
    examples.slice(-1),
    examples,
    examples.slice(1),
  ]
  for (const [index, batch] of batches.entries()) {
    const results = []
    for (const engine of [
      new GradientEngine(whole, model.config, options.prefix.length),
      new GradientEngine(top, model.config, options.prefix.length, { activations: cache }),
    ]) {
      const gradients = new Float32Array(parametersOf(adapter).length)
      results.push({ ...(await engine.run(batch, adapter, 0.1, gradients)), gradients })
    }
    const [plain, cached] = results
    if (plain === undefined || cached === undefined) throw new Error('no results')
    expect(Math.max(...plain.gradients.map(Math.abs))).toBeGreaterThan(1e-3)
    expect(relativeDifference(cached.exampleLosses, plain.exampleLosses), `batch ${index}`).toBeLessThan(1e-6)
    expect(relativeDifference(cached.gradients, plain.gradients), `batch ${index}`).toBeLessThan(5e-6)
  }
})

describe('what an earlier start left', async () => {
  const model = await loadTinyModel('llama-tiny')
  const examples = mixedExamples(model)

  test('is taken up without computing anything', async () => {
    const options = cacheOf(model, examples)
    const before = await computed(options)
    expect(before.length).toBeGreaterThan(0)
    expect(await computed({ ...options, openFrozen: never })).toEqual(before)
  })

  test.each([
    ['cut', (folder: string) => truncateSync(file(folder), 100)],
    ['changed in one byte', (folder: string) => changeByte(file(folder))],
    ['without its index', (folder: string) => writeFileSync(file(folder, 'activations.json'), '')],
    [
      'with an index of something else',
      (folder: string) => writeFileSync(file(folder, 'activations.json'), '{}'),
    ],
  ])('%s, is computed again to the same bits', async (_, damage) => {
    const options = cacheOf(model, examples)
    const before = await computed(options)
    damage(options.folder)
    await expect(openActivationCache({ ...options, openFrozen: never })).rejects.toThrow('computed again')
    expect(await computed(options)).toEqual(before)
  })

  test.each([
    ['another base', { key: 'other' }],
    ['other sequences', { sequences: examples.slice(1) }],
  ])('for %s is not taken up', async (_, other) => {
    const options = cacheOf(model, examples)
    await computed(options)
    await expect(openActivationCache({ ...options, ...other, openFrozen: never })).rejects.toThrow(
      'computed again',
    )
  })

  test('is removed in the end, and nothing else', async () => {
    const options = cacheOf(model, examples)
    writeFileSync(file(options.folder, 'job.json'), 'stays')
    await computed(options)
    expect(readdirSync(options.folder).toSorted()).toEqual([
      'activations.fp32',
      'activations.json',
      'job.json',
    ])
    await removeActivations(options.folder)
    expect(readdirSync(options.folder)).toEqual(['job.json'])
  })
})

describe('an interruption', async () => {
  const model = await loadTinyModel('llama-tiny')
  const examples = mixedExamples(model)

  test('by a signal ends before the first step and leaves nothing', async () => {
    const options = cacheOf(model, examples, { signal: AbortSignal.abort() })
    await expect(openActivationCache(options)).rejects.toMatchObject({ code: 'E_INTERRUPTED' })
    expect(readdirSync(options.folder)).toEqual([])
  })

  test('by a full disk says what is needed and leaves nothing', async () => {
    const options = cacheOf(model, examples, { openWriter: openFull })
    await expect(openActivationCache(options)).rejects.toMatchObject({
      code: 'E_DISK',
      message: expect.stringContaining('MB are needed') as string,
    })
    expect(readdirSync(options.folder)).toEqual([])
  })

  test('by a file that is cut while in use is an error, not other numbers', async () => {
    const options = cacheOf(model, examples)
    await using cache = await openActivationCache(options)
    await using session = await openTrainingSession(model, topAdapter(model), 'loss', {
      fromLayer: model.config.layers - 1,
    })
    truncateSync(join(options.folder, 'activations.fp32'), 0)
    const engine = new GradientEngine(session, model.config, 0, { activations: cache })
    await expect(engine.run(examples, topAdapter(model), 1)).rejects.toMatchObject({ code: 'E_DISK' })
  })

  test('does not hide how far it is', async () => {
    const events: unknown[] = []
    await using _ = await openActivationCache(
      cacheOf(model, examples, { onEvent: (event) => events.push(event) }),
    )
    expect(events.at(-1)).toEqual({ type: 'activations', done: examples.length, total: examples.length })
  })
})

function changeByte(path: string): void {
  const bytes = readFileSync(path)
  bytes[50] = (bytes[50] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

/** Writes to a disk that is full. */
async function openFull(path: string): Promise<FileWriter> {
  const handle = await open(path, 'wx')
  return {
    write: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' })),
    sync: () => handle.sync(),
    close: () => handle.close(),
  }
}

/** The file, computed or taken up. */
async function computed(options: ActivationCacheOptions): Promise<Buffer> {
  await using _ = await openActivationCache(options)
  return readFileSync(file(options.folder))
}
