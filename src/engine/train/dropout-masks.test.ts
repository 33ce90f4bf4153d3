import { gradientCheckpointings, type GradientCheckpointing } from '../../core/training-settings.ts'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { parametersOf } from '../adapter/adapter.ts'
import {
  loadTinyModel,
  openTrainingSession,
  tinyAdapter,
  toExamples,
  type GoldenBatch,
} from '../testing/tiny-model.ts'
import { createBatch } from './batch.ts'
import { DropoutMasks } from './dropout-masks.ts'
import { GradientEngine } from './gradient-engine.ts'
import { buildTrainingGraph } from './training-graph.ts'

const probability = 0.3
const model = await loadTinyModel('llama-tiny')
const { architecture, config } = model
const adapter = await tinyAdapter(model, 'adapter')
const { examples: goldenExamples } = (model.goldens['batches'] as Record<string, GoldenBatch>)[
  'sharedPrefix'
] as GoldenBatch
const examples = toExamples(goldenExamples)
const graph = buildTrainingGraph(architecture, config, adapter.config, 'gradients', { dropout: probability })
const masks = new DropoutMasks(graph, probability)

describe('masks', () => {
  const batch = createBatch(config, examples, { prefixLength: 7, tokenWeight: 1 })

  test('are there for each input of adapted layers, drop the share asked for, and come of the generator', () => {
    const drawn = masks.draw(batch, createRandom(1))
    // Four inputs a layer: of attention, of its output, of the feed-forward and of its output.
    expect(Object.keys(drawn)).toHaveLength(4 * config.layers)
    const all = Object.values(drawn).flatMap(({ data, shape }) => {
      expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1))
      return Array.from(data, Number)
    })
    const kept = all.reduce((sum, value) => sum + value, 0) / all.length
    expect(all.every((value) => value === 0 || value === 1)).toBe(true)
    expect(Math.abs(kept - (1 - probability))).toBeLessThan(4 * Math.sqrt(0.21 / all.length))
    expect(masks.draw(batch, createRandom(1))).toEqual(drawn)
    expect(masks.draw(batch, createRandom(2))).not.toEqual(drawn)
  })

  test('have a row for each computed one: one for all examples in the prefix they share', () => {
    const drawn = Object.values(masks.draw(batch, createRandom(1)))
    const lossRows = batch.feeds['loss_rows']!.shape[0]!
    const heights = drawn.map(({ shape }) => shape[0])
    expect(heights.filter((rows) => rows === batch.rows)).toHaveLength(4 * (config.layers - 1) + 1)
    expect(heights.filter((rows) => rows === lossRows)).toHaveLength(3)
  })
})

const run = async (seed: number, gradientCheckpointing: GradientCheckpointing = 'none') => {
  await using session = await openTrainingSession(model, adapter, 'gradients', {
    dropout: probability,
    gradientCheckpointing,
  })
  const engine = new GradientEngine(session, config, 7, { masks })
  const gradients = new Float32Array(parametersOf(adapter).length)
  const { loss } = await engine.run(examples, adapter, 0.01, gradients, createRandom(seed))
  return { loss, gradients }
}

describe('with dropout', () => {
  test('a step depends on the generator alone, whether layers are computed twice or not', async () => {
    const first = await run(1)
    expect(await run(1)).toEqual(first)
    for (const mode of gradientCheckpointings) expect(await run(1, mode)).toEqual(first)
    expect((await run(2)).loss).not.toBe(first.loss)
  })

  test('an engine without a generator refuses, and validation needs none', async () => {
    await using session = await openTrainingSession(model, adapter, 'loss', { dropout: probability })
    const plain = new GradientEngine(session, config, 7)
    const { loss } = await plain.run(examples, adapter, 0.01)
    expect(loss).toBeGreaterThan(0)
    const dropping = new GradientEngine(session, config, 7, { masks })
    await expect(dropping.run(examples, adapter, 0.01)).rejects.toThrow('random')
  })
})
