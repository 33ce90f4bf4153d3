import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { initializeAdapter, parametersOf } from '../src/engine/adapter/adapter.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import { KeyValueCache } from '../src/engine/generate/key-value-cache.ts'
import { loadGenerator } from '../src/engine/load-generator.ts'
import { openModelSession } from '../src/engine/model-session.ts'
import { createBatch } from '../src/engine/train/batch.ts'
import { buildTrainingGraph } from '../src/engine/train/training-graph.ts'
import { importModel } from '../src/engine/weights/import-model.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { createRandom } from '../src/lib/random.ts'
import { realBase } from './testing/real-base.ts'

const gguf = await realBase()

const difference = (left: readonly number[], right: readonly number[]): number =>
  Math.max(...left.map((value, index) => Math.abs(value - (right[index] ?? Number.NaN))))

describe.skipIf(gguf === undefined)('the default base', () => {
  test('gives the same probabilities in the training graph, in prefill and in decode', async () => {
    const home = await mkdtemp(join(tmpdir(), 'hone-served-'))
    const { folder } = await importModel(gguf ?? '', { home })
    const cacheFolder = weightCacheFolder(home)
    const base = await openBaseModel(folder, { cacheFolder })
    const config = { rank: 4, alpha: 8, targetModules: base.architecture.linearModules }
    const adapter = initializeAdapter(base.architecture, base.config, config, 1)
    // An adapter that changes something: B starts at zero.
    const random = createRandom(5)
    const parameters = parametersOf(adapter)
    for (const [index, value] of parameters.entries())
      parameters[index] = value + (random.next() - 0.5) * 0.02

    const { tokens } = base.text.chatText.encodeExample([
      { role: 'system', content: 'You route claims.' },
      {
        role: 'user',
        content: 'A pipe burst in the bathroom, and the ceiling below came down. Who pays for the hotel?',
      },
      { role: 'assistant', content: 'ROUTE: PROPERTY_WATER\nRATIONALE: Burst pipe, damage below.' },
    ])
    await using loaded = await loadGenerator(base, adapter, cacheFolder)
    const { model } = loaded
    const [prefilled = []] = await model.score([tokens], model.emptyPrefix)

    const start = 20
    const prefix = await model.extendPrefix(tokens.slice(0, start), model.emptyPrefix)
    const cache = new KeyValueCache(base.config, 1)
    const decoded: number[] = []
    for (const [index, token] of tokens.slice(start, -1).entries()) {
      const logits = await model.advance([[token]], prefix, cache)
      const largest = logits.reduce((most, logit) => Math.max(most, logit))
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)
      decoded.push((logits[tokens[start + index + 1] ?? 0] ?? 0) - largest - Math.log(total))
    }

    const graph = buildTrainingGraph(base.architecture, base.config, config, 'loss')
    await using training = await openModelSession(graph, [base.weights])
    const example = { id: 'one', tokens, trained: tokens.map(() => true) }
    const batch = createBatch(base.config, [example], { prefixLength: 16, tokenWeight: 1 })
    const outputs = await training.run({ ...batch.feeds, ...Object.fromEntries(adapter.tensors) })
    const trained = Array.from(outputs['log_probabilities']?.data as Float32Array).slice(0, tokens.length - 1)

    expect(trained.length).toBeGreaterThan(40)
    expect(difference(prefilled, trained)).toBeLessThan(1e-3)
    expect(difference(decoded, trained.slice(start))).toBeLessThan(1e-3)
  })
})
