import { gradientCheckpointings } from '../core/training-settings.ts'
import { describe, expect, test } from 'vitest'
import { emptyAdapter, parametersOf, type Adapter } from './adapter/adapter.ts'
import type { InferenceModel } from './generate/inference-model.ts'
import { KeyValueCache, type SharedPrefix } from './generate/key-value-cache.ts'
import {
  goldenTensors,
  loadTinyModel,
  openInferenceModel,
  openTrainingSession,
  referenceModels,
  relativeDifference,
  tinyAdapter,
  toExamples,
  type GoldenBatch,
  type TinyModel,
} from './testing/tiny-model.ts'
import { createBatch } from './train/batch.ts'
import { GradientEngine } from './train/gradient-engine.ts'

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

/** Log-probability of each token but the first, read one by one. */
async function decode(
  model: InferenceModel,
  tokens: readonly number[],
  prefix: SharedPrefix,
): Promise<number[]> {
  const cache = new KeyValueCache(model.config, 1)
  const decoded: number[] = []
  for (let position = 0; position + 1 < tokens.length; position++) {
    const logits = await model.advance([[tokens[position] ?? 0]], prefix, cache)
    const largest = Math.max(...logits)
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)
    decoded.push((logits[tokens[position + 1] ?? 0] ?? 0) - largest - Math.log(total))
  }
  return decoded
}

function groupedBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

const adapterOf = (model: TinyModel, name: string): Promise<Adapter | undefined> =>
  name === 'adapter' ? tinyAdapter(model, 'adapter') : Promise.resolve(undefined)

describe.each(await referenceModels())('%s', (name) => {
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
      const prefix = inference.emptyPrefixFor(sequence.length)
      for (const [position, token] of sequence.entries()) {
        const logits = await inference.advance([[token]], prefix, cache)
        const expected = rows.subarray(position * size, (position + 1) * size)
        expect(relativeDifference(logits, expected), `position ${position}`).toBeLessThan(2e-5)
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
      for (const alike of groupedBy(goldens, ({ prompt }) => inference.emptyPrefixFor(prompt.length))) {
        const [nothing, members] = alike
        const prompts = members.map(({ prompt }) => prompt)
        const expected = members.map((golden) => [...golden.greedy])
        const count = expected[0]?.length ?? 0
        expect(await greedy(inference, prompts, nothing, count)).toEqual(expected)
        for (const [index, prompt] of prompts.entries()) {
          const prefix = await inference.extendPrefix(prompt.slice(0, 2), nothing)
          expect(await greedy(inference, [prompt.slice(2)], prefix, count)).toEqual([expected[index]])
        }
      }
    },
  )

  test.each([
    ['sharedPrefix', [0, 1, 3, 7]],
    ['noCommonPrefix', [0]],
  ] as const)(
    "gradients of %s equal PEFT's, whatever part of the prefix is shared",
    async (key, prefixes) => {
      const model = await loadTinyModel(name)
      const adapter = await tinyAdapter(model, 'adapter')
      const golden = (model.goldens['batches'] as Record<string, GoldenBatch>)[key] as GoldenBatch
      const gradients = await goldenTensors(model, golden.gradients)
      expect(gradients.size).toBe(adapter.tensors.size)
      await using session = await openTrainingSession(model, adapter, 'gradients')
      for (const prefixLength of prefixes) {
        const specs = [...adapter.tensors].map(([tensor, { shape }]) => ({ name: tensor, shape }))
        const own = emptyAdapter(specs, adapter.config)
        const engine = new GradientEngine(session, model.config, prefixLength)
        const weight = 1 / golden.trainedTokens
        const { loss } = await engine.run(toExamples(golden.examples), adapter, weight, parametersOf(own))
        expect(loss).toBeCloseTo(golden.loss, 5)
        for (const [tensor, { data }] of gradients) {
          const matrix = own.tensors.get(tensor.replace('base_model.model.', ''))?.data ?? []
          expect(relativeDifference(matrix, data), `${tensor} at prefix ${prefixLength}`).toBeLessThan(3e-5)
        }
      }
    },
  )

  test.each(['sharedPrefix', 'noCommonPrefix'] as const)(
    'what is computed twice gives the same gradients of %s to the bit',
    async (key) => {
      const model = await loadTinyModel(name)
      const adapter = await tinyAdapter(model, 'adapter')
      const { examples, commonPrefixLength } = (model.goldens['batches'] as Record<string, GoldenBatch>)[
        key
      ] as GoldenBatch
      const options = { prefixLength: commonPrefixLength, tokenWeight: 1 }
      const batch = createBatch(model.config, toExamples(examples), options)
      const results = []
      for (const gradientCheckpointing of gradientCheckpointings) {
        await using session = await openTrainingSession(model, adapter, 'gradients', {
          gradientCheckpointing,
        })
        results.push(await session.run({ ...batch.feeds, ...Object.fromEntries(adapter.tensors) }))
      }
      const [plain, ...others] = results
      expect(Object.keys(plain ?? {}).length).toBeGreaterThan(adapter.tensors.size)
      expect(others).toEqual([plain, plain])
    },
  )

  test('scores equal those of transformers', async () => {
    const model = await loadTinyModel(name)
    for (const golden of model.goldens['generation'] as GoldenGeneration[]) {
      await using inference = await openInferenceModel(model, await adapterOf(model, golden.model))
      const context = golden.prompt.slice(0, -1)
      const length = context.length + 1 + golden.continuation.length
      const prefix = await inference.extendPrefix(context, inference.emptyPrefixFor(length))
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

    const nothing = inference.emptyPrefixFor(tokens.length)
    const [prefilled = []] = await inference.score([tokens], nothing)
    const example = { id: 'one', tokens, trained: tokens.map(() => true) }
    const batch = createBatch(model.config, [example], {
      prefixLength: 9,
      tokenWeight: 1,
    })
    const outputs = await training.run({ ...batch.feeds, ...Object.fromEntries(adapter.tensors) })
    const trained = Array.from(outputs['log_probabilities']?.data as Float32Array).slice(0, tokens.length - 1)

    expect(prefilled).toHaveLength(tokens.length - 1)
    for (const [index, value] of trained.entries()) expect(prefilled[index]).toBeCloseTo(value, 4)
    for (const prefixLength of [0, 5, 20]) {
      const prefix = await inference.extendPrefix(tokens.slice(0, prefixLength), nothing)
      const decoded = await decode(inference, tokens.slice(prefixLength), prefix)
      expect(decoded).toHaveLength(tokens.length - 1 - prefixLength)
      for (const [index, value] of decoded.entries())
        expect(value).toBeCloseTo(trained[index + prefixLength] ?? 0, 4)
    }
    const [first = 0, ...rest] = tokens.slice(20)
    const prefix = await inference.extendPrefix(tokens.slice(0, 20), nothing)
    const [scored = []] = await inference.score([[first, ...rest]], prefix)
    for (const [index, value] of scored.entries()) expect(value).toBeCloseTo(trained[index + 20] ?? 0, 4)
  })
})
