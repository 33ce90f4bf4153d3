import { describe, expect, test } from 'vitest'
import { emptyAdapter, parametersOf } from './adapter/adapter.ts'
import { KeyValueCache } from './generate/key-value-cache.ts'
import {
  goldenTensors,
  loadTinyModel,
  openInferenceModel,
  openTrainingSession,
  relativeDifference,
  tinyAdapter,
  toExamples,
  type GoldenBatch,
} from './testing/tiny-model.ts'
import { GradientEngine } from './train/gradient-engine.ts'
import { missingWebGpuAdapter } from './webgpu-adapter.ts'

const missing = await missingWebGpuAdapter()
if (missing !== undefined) process.stderr.write(`suites on WebGPU are skipped: ${missing}\n`)

/** Of the parts that differ: norms of heads, windows, fused projections, untied embeddings. */
const models = ['llama-tiny', 'mistral-tiny', 'qwen3-tiny', 'gemma3-tiny', 'phi3-tiny']

describe.skipIf(missing !== undefined).each(models)('%s on WebGPU', (name) => {
  test('logits equal those of transformers, in prefill and in decode', async () => {
    const model = await loadTinyModel(name)
    const golden = await goldenTensors(model, 'logits.safetensors')
    const { sequences } = model.goldens['logits'] as { sequences: number[][] }
    const adapter = await tinyAdapter(model, 'adapter')
    await using inference = await openInferenceModel(model, adapter, 'webgpu')
    const [sequence = []] = sequences
    const size = model.config.vocabularySize
    const rows = golden.get('adapter.0')?.data ?? new Float32Array()
    const cache = new KeyValueCache(model.config, 1)
    const prefix = inference.emptyPrefixFor(sequence.length)
    const read = 8
    const prefilled = await inference.advance([sequence.slice(0, read)], prefix, cache)
    expect(relativeDifference(prefilled, rows.subarray((read - 1) * size, read * size))).toBeLessThan(1e-4)
    for (const [index, token] of sequence.slice(read).entries()) {
      const decoded = await inference.advance([[token]], prefix, cache)
      const place = read + index
      const expected = rows.subarray(place * size, (place + 1) * size)
      expect(relativeDifference(decoded, expected), `position ${place}`).toBeLessThan(1e-4)
    }
  })

  test("loss and gradients equal PEFT's", async () => {
    const model = await loadTinyModel(name)
    const adapter = await tinyAdapter(model, 'adapter')
    const { sharedPrefix: golden } = model.goldens['batches'] as { readonly sharedPrefix: GoldenBatch }
    const gradients = await goldenTensors(model, golden.gradients)
    await using session = await openTrainingSession(model, adapter, 'gradients', { device: 'webgpu' })
    const specs = [...adapter.tensors].map(([tensor, { shape }]) => ({ name: tensor, shape }))
    const own = emptyAdapter(specs, adapter.config)
    const engine = new GradientEngine(session, model.config, golden.commonPrefixLength)
    const weight = 1 / golden.trainedTokens
    const { loss } = await engine.run(toExamples(golden.examples), adapter, weight, parametersOf(own))
    expect(loss).toBeCloseTo(golden.loss, 4)
    expect(gradients.size).toBe(adapter.tensors.size)
    for (const [tensor, { data }] of gradients) {
      const matrix = own.tensors.get(tensor.replace('base_model.model.', ''))?.data ?? []
      expect(relativeDifference(matrix, data), `gradient of ${tensor}`).toBeLessThan(1e-4)
    }
  })

  test('a batch without a common prefix is refused, which would end the process', async () => {
    const model = await loadTinyModel(name)
    const adapter = await tinyAdapter(model, 'adapter')
    const { noCommonPrefix: golden } = model.goldens['batches'] as { readonly noCommonPrefix: GoldenBatch }
    await using session = await openTrainingSession(model, adapter, 'gradients', { device: 'webgpu' })
    const engine = new GradientEngine(session, model.config, 0)
    const run = engine.run(toExamples(golden.examples), adapter, 1)
    await expect(run).rejects.toMatchObject({ code: 'E_DEVICE' })
  })
})

test.skipIf(missing === undefined)('without an adapter WebGPU is refused, and the way out said', async () => {
  const model = await loadTinyModel('llama-tiny')
  await expect(openInferenceModel(model, undefined, 'webgpu')).rejects.toMatchObject({
    code: 'E_DEVICE',
    message: 'no WebGPU adapter was found',
    hint: expect.stringContaining('--device cpu'),
  })
})
