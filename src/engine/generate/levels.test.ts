import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openBaseModel } from '../base-model.ts'
import type { LevelArithmetic } from '../graph/ops/level-product.ts'
import type { Session } from '../graph/session.ts'
import { openModelSession } from '../model-session.ts'
import { relativeDifference } from '../testing/tiny-model.ts'
import { importModel } from '../weights/import-model.ts'
import { cachedLevels } from '../weights/level-cache.ts'
import { tinyGguf } from '../weights/testing/hugging-face-folder.ts'
import { buildInferenceGraph } from './inference-graph.ts'
import { InferenceModel } from './inference-model.ts'
import { KeyValueCache } from './key-value-cache.ts'

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

async function withLevels(arithmetic: LevelArithmetic): Promise<InferenceModel> {
  const levels = await cachedLevels(() => base.openWeights(), names, { cacheFolder: home, key })
  if (levels === undefined) throw new Error('the tiny model has no levels')
  expect(new Set(levels.bits.values())).toEqual(new Set([4, 8]))
  const graph = buildInferenceGraph(base.architecture, base.config, undefined, {
    levels: { bits: levels.bits, arithmetic },
  })
  const session = await openModelSession(graph, [base.weights, levels.weights], { prepacking: true })
  return new InferenceModel(session, base.config)
}

test('products of levels are those of the fp32 numbers; with eight-bit inputs they are near', async () => {
  const graph = buildInferenceGraph(base.architecture, base.config)
  await using plain = new InferenceModel(await openModelSession(graph, [base.weights]), base.config)
  await using exact = await withLevels('exact')
  await using rounded = await withLevels('int8')
  const expected = await logitsOf(plain)
  expect(relativeDifference(await logitsOf(exact), expected)).toBeLessThan(2e-5)
  const difference = relativeDifference(await logitsOf(rounded), expected)
  expect(difference).toBeGreaterThan(2e-5)
  expect(difference).toBeLessThan(0.1)
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
  await using model = new InferenceModel(session, base.config, [await open(1), await open(3)])
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
