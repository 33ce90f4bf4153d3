import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { cacheAdapter } from '../load-generator.ts'
import { openModelSession } from '../model-session.ts'
import {
  loadTinyModel,
  openInferenceModel,
  referenceModels,
  relativeDifference,
  tinyAdapter,
} from '../testing/tiny-model.ts'
import { buildInferenceGraph } from './inference-graph.ts'
import { InferenceModel } from './inference-model.ts'
import { KeyValueCache } from './key-value-cache.ts'

describe.each(await referenceModels())('%s', (name) => {
  let whole: InferenceModel
  let single: InferenceModel
  let operators: readonly [string[], string[]]

  const tiny = loadTinyModel(name)
  beforeAll(async () => {
    const model = await tiny
    const adapter = await tinyAdapter(model, 'adapter')
    const build = (singleRow: boolean) =>
      buildInferenceGraph(model.architecture, model.config, adapter.config, { singleRow })
    const weights = [model.weights, await cacheAdapter(adapter, model.cacheFolder)]
    whole = await openInferenceModel(model, adapter)
    const session = await openModelSession(build(true), weights, { threads: 1 })
    const general = await openModelSession(build(false), weights, { threads: 1 })
    single = new InferenceModel(general, model.config, { few: [{ session, rows: 1 }] })
    const operatorsOf = (singleRow: boolean): string[] =>
      build(singleRow).nodes.map(({ operator }) => operator)
    operators = [operatorsOf(true), operatorsOf(false)]
  })
  afterAll(async () => {
    await whole[Symbol.asyncDispose]()
    await single[Symbol.asyncDispose]()
  })

  test('gives the same logits for one new token with the graph for single rows', async () => {
    const random = createRandom(name)
    const draw = (count: number): number[] => Array.from({ length: count }, () => random.integer(50))
    // Without a prefix and with one; with nothing before, and with more than a window holds.
    for (const [shared, past] of [
      [0, 0],
      [0, 14],
      [11, 1],
      [9, 20],
    ] as const) {
      const nothing = whole.emptyPrefixFor(shared + past + 4)
      const prefix = await whole.extendPrefix(draw(shared), nothing)
      const caches = [whole, single].map(() => new KeyValueCache(whole.config, 1)) as [
        KeyValueCache,
        KeyValueCache,
      ]
      const before = draw(past)
      for (const cache of caches) if (past > 0) await whole.advance([before], prefix, cache)
      for (const token of draw(3)) {
        const expected = await whole.advance([[token]], prefix, caches[0])
        const actual = await single.advance([[token]], prefix, caches[1])
        expect(relativeDifference(actual, expected)).toBeLessThan(1e-6)
      }
    }
  })

  test('has fewer nodes then, and transposes nothing', () => {
    const [ofSingle, ofWhole] = operators
    expect(ofSingle.length).toBeLessThan(0.75 * ofWhole.length)
    expect(ofSingle).not.toContain('Transpose')
    expect(ofWhole).toContain('Transpose')
  })
})
