import { describe, expect, test } from 'vitest'
import { createBatch } from '../train/batch.ts'
import {
  goldenTensors,
  loadTinyModel,
  openInferenceModel,
  openTrainingSession,
  relativeDifference,
  tinyAdapter,
  tinyModels,
} from '../testing/tiny-model.ts'
import type { Adapter } from '../adapter/adapter.ts'
import type { TinyModel } from '../testing/tiny-model.ts'
import type { InferenceModel } from './inference-model.ts'
import { KeyValueCache, type SharedPrefix } from './key-value-cache.ts'

interface GoldenGeneration {
  readonly model: string
  readonly prompt: readonly number[]
  readonly greedy: readonly number[]
  readonly greedyLogProbabilities: readonly number[]
  readonly continuation: readonly number[]
  readonly continuationLogProbabilities: readonly number[]
}

const argmax = (logits: Float32Array): number => logits.indexOf(Math.max(...logits))

async function greedy(
  model: InferenceModel,
  prompts: readonly (readonly number[])[],
  prefix: SharedPrefix,
  count: number,
): Promise<number[][]> {
  const cache = new KeyValueCache(model.config, prompts.length)
  const size = model.config.vocabularySize
  const answers: number[][] = prompts.map(() => [])
  let next: (readonly number[])[] = [...prompts]
  for (let step = 0; step < count; step++) {
    const logits = await model.advance(next, prefix, cache)
    next = prompts.map((_, index) => [argmax(logits.subarray(index * size, (index + 1) * size))])
    for (const [index, [token = 0]] of next.entries()) answers[index]?.push(token)
  }
  return answers
}

const adapterOf = (model: TinyModel, name: string): Promise<Adapter | undefined> =>
  name === 'adapter' ? tinyAdapter(model, 'adapter') : Promise.resolve(undefined)

describe.each(tinyModels)('%s', (name) => {
  test.each(['base', 'adapter'])('logits of the %s equal those of transformers', async (which) => {
    const model = await loadTinyModel(name)
    const golden = await goldenTensors(model, 'logits.safetensors')
    const { sequences } = model.goldens['logits'] as { sequences: number[][] }
    await using inference = await openInferenceModel(model, await adapterOf(model, which))
    expect(sequences.length).toBeGreaterThan(0)
    for (const [index, sequence] of sequences.entries()) {
      const rows = golden.get(`${which}.${index}`)?.data ?? new Float32Array()
      const size = model.config.vocabularySize
      // Token by token, so that every position's logits are seen and the cache is what carries the past.
      const cache = new KeyValueCache(model.config, 1)
      for (const [position, token] of sequence.entries()) {
        const logits = await inference.advance([[token]], inference.emptyPrefix, cache)
        expect(
          relativeDifference(logits, rows.subarray(position * size, (position + 1) * size)),
        ).toBeLessThan(2e-5)
      }
    }
  })

  test.each(['base', 'adapter'])(
    'greedy generation of the %s equals that of transformers, alone and in a batch',
    async (which) => {
      const model = await loadTinyModel(name)
      const goldens = (model.goldens['generation'] as GoldenGeneration[]).filter(
        (golden) => golden.model === which,
      )
      expect(goldens.length).toBeGreaterThan(0)
      await using inference = await openInferenceModel(model, await adapterOf(model, which))
      const prompts = goldens.map(({ prompt }) => prompt)
      const expected = goldens.map((golden) => [...golden.greedy])
      expect(await greedy(inference, prompts, inference.emptyPrefix, expected[0]?.length ?? 0)).toEqual(
        expected,
      )
      for (const [index, prompt] of prompts.entries()) {
        const prefix = await inference.extendPrefix(prompt.slice(0, 2), inference.emptyPrefix)
        const alone = await greedy(inference, [prompt.slice(2)], prefix, expected[index]?.length ?? 0)
        expect(alone).toEqual([expected[index]])
      }
    },
  )

  test('scores equal those of transformers', async () => {
    const model = await loadTinyModel(name)
    for (const golden of model.goldens['generation'] as GoldenGeneration[]) {
      await using inference = await openInferenceModel(model, await adapterOf(model, golden.model))
      const context = golden.prompt.slice(0, -1)
      const prefix = await inference.extendPrefix(context, inference.emptyPrefix)
      const [scores = []] = await inference.score(
        [[golden.prompt.at(-1) ?? 0, ...golden.continuation]],
        prefix,
      )
      expect(relativeDifference(scores, golden.continuationLogProbabilities)).toBeLessThan(2e-5)
    }
  })

  test('what is served is what was trained: prefill, decode and the training graph agree', async () => {
    const model = await loadTinyModel(name)
    const adapter = await tinyAdapter(model, 'adapter')
    const { sequences } = model.goldens['logits'] as { sequences: number[][] }
    const tokens = sequences[1] ?? []
    await using inference = await openInferenceModel(model, adapter)
    await using training = await openTrainingSession(model, adapter, 'loss')

    const [prefilled = []] = await inference.score([tokens], inference.emptyPrefix)
    const prefix = await inference.extendPrefix(tokens.slice(0, 5), inference.emptyPrefix)
    const cache = new KeyValueCache(model.config, 1)
    const decoded: number[] = []
    for (let position = 5; position + 1 < tokens.length; position++) {
      const logits = await inference.advance([[tokens[position] ?? 0]], prefix, cache)
      const largest = Math.max(...logits)
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)
      decoded.push((logits[tokens[position + 1] ?? 0] ?? 0) - largest - Math.log(total))
    }
    const example = { id: 'one', tokens, trained: tokens.map(() => true) }
    const batch = createBatch(model.architecture, model.config, [example], {
      prefixLength: 3,
      tokenWeight: 1,
    })
    const outputs = await training.run({ ...batch.feeds, ...Object.fromEntries(adapter.tensors) })
    const trained = Array.from(outputs['log_probabilities']?.data as Float32Array).slice(0, tokens.length - 1)

    expect(prefilled).toHaveLength(tokens.length - 1)
    for (const [index, value] of trained.entries()) expect(prefilled[index]).toBeCloseTo(value, 4)
    for (const [index, value] of decoded.entries()) expect(value).toBeCloseTo(trained[index + 5] ?? 0, 4)
  })
})
