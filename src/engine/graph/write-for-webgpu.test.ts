import { expect, test } from 'vitest'
import { buildInferenceGraph } from '../generate/inference-graph.ts'
import { openModelSession } from '../model-session.ts'
import {
  loadTinyModel,
  openTrainingSession,
  tinyAdapter,
  toExamples,
  type GoldenBatch,
} from '../testing/tiny-model.ts'
import { createBatch } from '../train/batch.ts'
import { buildTrainingGraph } from '../train/training-graph.ts'
import { sizesThatWebGpuNeeds, writeForWebGpu } from './write-for-webgpu.ts'

// Recomputed layers have copies of the norms.
test.each(['none', 'layers'] as const)(
  'what is written out gives the gradients of the fused operator, recomputing %s',
  async (gradientCheckpointing) => {
    const model = await loadTinyModel('llama-tiny')
    const adapter = await tinyAdapter(model, 'adapter')
    const { sharedPrefix } = model.goldens['batches'] as { readonly sharedPrefix: GoldenBatch }
    const { feeds } = createBatch(model.config, toExamples(sharedPrefix.examples), {
      prefixLength: sharedPrefix.commonPrefixLength,
      tokenWeight: 1,
    })
    const inputs = { ...feeds, ...Object.fromEntries(adapter.tensors) }
    const { architecture, config, weights } = model
    const graph = buildTrainingGraph(architecture, config, adapter.config, 'gradients', {
      gradientCheckpointing,
    })
    const inverses = (): string[] => {
      const read = new Set(graph.nodes.flatMap((node) => node.inputs))
      return graph.nodes
        .filter(({ operator }) => operator === 'SimplifiedLayerNormalization')
        .flatMap(({ outputs }) => outputs.slice(1).filter((name) => read.has(name)))
    }
    // All norms but the first, which has no adapter below it.
    expect(inverses().length).toBeGreaterThanOrEqual(2 * config.layers)
    writeForWebGpu(graph)
    expect(inverses()).toEqual([])
    await using written = await openModelSession(graph, [weights], { threads: 1 })
    await using fused = await openTrainingSession(model, adapter, 'gradients', { gradientCheckpointing })
    const [found, expected] = [await written.run(inputs), await fused.run(inputs)]
    expect(Object.keys(found).length).toBeGreaterThan(adapter.tensors.size)
    for (const [name, tensor] of Object.entries(expected)) {
      const values = found[name]?.data as Float32Array
      for (const [index, value] of (tensor.data as Float32Array).entries())
        expect(values[index]).toBeCloseTo(value, 4)
    }
  },
)

test('a training graph needs a prefix, an inference graph does not', async () => {
  const { architecture, config } = await loadTinyModel('llama-tiny')
  const settings = { rank: 2, alpha: 2, targetModules: architecture.linearModules }
  expect(sizesThatWebGpuNeeds(buildTrainingGraph(architecture, config, settings))).toContain('prefix')
  expect(sizesThatWebGpuNeeds(buildInferenceGraph(architecture, config))).not.toContain('prefix')
})
