import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Arithmetic, RoundingEffect } from '../../core/arithmetic.ts'
import { createRandom } from '../../lib/random.ts'
import { openBaseModel } from '../base-model.ts'
import type { Session } from '../graph/session.ts'
import { openModelSession } from '../model-session.ts'
import { relativeDifference } from '../testing/tiny-model.ts'
import { importModel } from '../weights/import-model.ts'
import { cachedLevels } from '../weights/level-cache.ts'
import { tinyGguf } from '../weights/testing/hugging-face-folder.ts'
import { buildInferenceGraph } from './inference-graph.ts'
import { InferenceModel } from './inference-model.ts'
import { KeyValueCache } from './key-value-cache.ts'
import { roundingEffect } from './rounding-effect.ts'

const home = mkdtempSync(join(tmpdir(), 'hone-levels-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const { folder } = await importModel(tinyGguf, { home, id: 'tiny' })
const base = await openBaseModel(folder, { cacheFolder: home })

/** Matrices of the file that are levels: of four bits in the layers, of eight in the embedding. */
const names = base.specs.map(({ name }) => name).filter((name) => /embed_tokens|[qko]_proj|mlp/.test(name))
const key = 'tinylevels'

async function logitsOf(model: InferenceModel): Promise<Float32Array> {
  const cache = new KeyValueCache(base.config, 1)
  await model.advance([[5, 9, 11]], model.emptyPrefix, cache)
  return (await model.advance([[20]], model.emptyPrefix, cache)).slice()
}

async function levelSession(arithmetic: Arithmetic): Promise<Session> {
  const levels = await cachedLevels(() => base.openWeights(), names, { cacheFolder: home, key })
  if (levels === undefined) throw new Error('the tiny model has no levels')
  expect(new Set(levels.bits.values())).toEqual(new Set([4, 8]))
  const graph = buildInferenceGraph(base.architecture, base.config, undefined, {
    levels: { bits: levels.bits, arithmetic },
  })
  return openModelSession(graph, [base.weights, levels.weights], { prepacking: true })
}

const withLevels = async (arithmetic: Arithmetic): Promise<InferenceModel> =>
  new InferenceModel(await levelSession(arithmetic), base.config)

const openPlain = (): Promise<Session> =>
  openModelSession(buildInferenceGraph(base.architecture, base.config), [base.weights])

test('products of levels are those of the fp32 numbers; with eight-bit inputs they are near', async () => {
  await using plain = new InferenceModel(await openPlain(), base.config)
  await using exact = await withLevels('exact')
  await using rounded = await withLevels('int8')
  const expected = await logitsOf(plain)
  expect(relativeDifference(await logitsOf(exact), expected)).toBeLessThan(2e-5)
  const difference = relativeDifference(await logitsOf(rounded), expected)
  expect(difference).toBeGreaterThan(2e-5)
  expect(difference).toBeLessThan(0.1)
})

test('the effect of rounding is that of the session for few rows beside the one for many', async () => {
  const random = createRandom(11)
  const tokens = Array.from({ length: 150 }, () => random.integer(base.config.vocabularySize))
  const effect = async (few: Session): Promise<RoundingEffect> => {
    await using model = new InferenceModel(await openPlain(), base.config, {
      few: [{ session: few, rows: 24 }],
    })
    await expect(roundingEffect(model, tokens.slice(0, 63), 24)).rejects.toThrow('63 tokens')
    return await roundingEffect(model, tokens, 24)
  }
  const same = await effect(await openPlain())
  expect(same).toMatchObject({ tokens: 128, sameToken: 1 })
  expect(same.largestDifference).toBeLessThan(1e-5)
  const rounded = await effect(await levelSession('int8'))
  expect(rounded.tokens).toBe(128)
  expect(rounded.meanDifference).toBeGreaterThan(1e-4)
  expect(rounded.largestDifference).toBeGreaterThan(rounded.meanDifference)
  expect(rounded.largestDifference).toBeLessThan(1)
})

test('few rows whose logits are wanted are computed by the first session that is for so many', async () => {
  const asked: string[] = []
  const open = async (rows: number): Promise<{ session: Session; rows: number }> => {
    const graph = buildInferenceGraph(base.architecture, base.config, undefined, { singleRow: rows === 1 })
    const session = await openModelSession(graph, [base.weights])
    const run: Session['run'] = (feeds, wanted) => {
      asked.push(`${feeds['tokens']?.data.length} by ${rows}`)
      return session.run(feeds, wanted)
    }
    return { rows, session: { run, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() } }
  }
  const { session } = await open(9)
  await using model = new InferenceModel(session, base.config, { few: [await open(1), await open(3)] })
  await logitsOf(model)
  await model.advance([[5, 9, 11, 12]], model.emptyPrefix, new KeyValueCache(base.config, 1))
  await model.score([[5, 9]], model.emptyPrefix)
  expect(asked).toEqual(['3 by 3', '1 by 1', '4 by 9', '1 by 9'])
})

test('a file that does not hold all of them as levels has none', async () => {
  const all = base.specs.map(({ name }) => name).filter((name) => name.endsWith('proj.weight'))
  const opened = cachedLevels(() => base.openWeights(), all, { cacheFolder: home, key })
  await expect(opened).resolves.toBeUndefined()
})
