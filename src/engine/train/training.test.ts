import { describe, expect, test } from 'vitest'
import type { TrainingSettings } from '../../core/training-settings.ts'
import { parametersOf, type Adapter } from '../adapter/adapter.ts'
import {
  loadTinyModel,
  openTrainingSession,
  relativeDifference,
  tinyAdapter,
  tinyModels,
  toExamples,
  type GoldenExample,
  type GoldenRun,
  type TinyModel,
} from '../testing/tiny-model.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { AdamW, clipNorm } from './adam-w.ts'
import { trainedTokens } from './encoded-example.ts'
import { GradientEngine } from './gradient-engine.ts'
import { learningRateAt } from './schedule.ts'
import { trainAdapter } from './train-adapter.ts'

interface TrainingGoldens {
  readonly examples: readonly GoldenExample[]
  readonly initialAdapter: string
  readonly optimizer: {
    readonly learningRate: number
    readonly beta1: number
    readonly beta2: number
    readonly epsilon: number
    readonly weightDecay: number
    readonly warmupSteps: number
    readonly totalSteps: number
  }
  readonly plain: GoldenRun
  readonly accumulated: GoldenRun
}

describe.each(tinyModels)('%s', (name) => {
  test("thirty optimizer steps follow PEFT's losses to the same adapter", async () => {
    const model = await loadTinyModel(name)
    const goldens = model.goldens['training'] as TrainingGoldens
    const followed = followRun(model, goldens, goldens.plain, goldens.optimizer.totalSteps)
    await expect(followed).resolves.toBe(30)
  })

  test('accumulated batches make the same step as PEFT', async () => {
    const model = await loadTinyModel(name)
    const goldens = model.goldens['training'] as TrainingGoldens
    const followed = followRun(model, goldens, goldens.accumulated, goldens.optimizer.totalSteps)
    await expect(followed).resolves.toBe(5)
  })
})

/** How many steps were followed. */
async function followRun(
  model: TinyModel,
  goldens: TrainingGoldens,
  run: GoldenRun,
  steps: number,
): Promise<number> {
  const adapter = await tinyAdapter(model, goldens.initialAdapter)
  await using session = await openTrainingSession(model, adapter, 'gradients')
  const engine = new GradientEngine(session, model.config, 0)
  const examples = toExamples(goldens.examples)
  const parameters = parametersOf(adapter)
  const optimizer = new AdamW(parameters.length, goldens.optimizer)
  const { learningRate: peak, warmupSteps: warmup } = goldens.optimizer
  expect(run.steps.length).toBeGreaterThan(0)
  for (const [index, step] of run.steps.entries()) {
    const batches = step.microBatches.map((batch) => batch.map((member) => examples[member] ?? never()))
    const tokens = batches.flat().reduce((sum, example) => sum + trainedTokens(example), 0)
    const gradients = new Float32Array(parameters.length)
    let loss = 0
    for (const batch of batches) loss += (await engine.run(batch, adapter, 1 / tokens, gradients)).loss
    expect(loss, `step ${index}`).toBeCloseTo(step.loss, 4)
    const learningRate = learningRateAt(index, { kind: 'cosine', peak, warmup, steps })
    expect(learningRate).toBeCloseTo(step.learningRate, 9)
    expect(clipNorm(gradients, run.maxGradientNorm) / step.gradientNorm).toBeCloseTo(1, 4)
    optimizer.step(parameters, gradients, learningRate)
  }
  const final = await tinyAdapter(model, run.adapter)
  expect(relativeDifference(parameters, parametersOf(final))).toBeLessThan(1e-3)
  return run.steps.length
}

function never(): never {
  throw new Error('the goldens name an example that is not there')
}

const settings: TrainingSettings = {
  rank: 4,
  alpha: 8,
  targets: [],
  layers: 'all',
  epochs: 4,
  maxSteps: null,
  batchSize: 3,
  accumulate: 2,
  learningRate: 1e-2,
  schedule: 'cosine',
  warmup: 1,
  weightDecay: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: 1,
  seed: 3,
  validationEvery: 2,
  checkpointEvery: 3,
  earlyStopping: null,
  method: 'sft',
  preference: null,
  answers: 'all',
  scaling: 'standard',
  dropout: 0,
  gradientCheckpointing: 'none',
  activationCache: false,
}

describe('a training run', () => {
  const steps = 8

  async function start(
    folder: string,
    stopAfter?: number,
    adapterName = 'initial-adapter',
  ): Promise<Adapter> {
    const model = await loadTinyModel('llama-tiny')
    const goldens = model.goldens['training'] as TrainingGoldens
    const adapter = await tinyAdapter(model, adapterName)
    const examples = toExamples(goldens.examples)
    await using session = await openTrainingSession(model, adapter, 'gradients')
    await using validationSession = await openTrainingSession(model, adapter, 'loss')
    const engineOf = (which: typeof session): GradientEngine => new GradientEngine(which, model.config, 0)
    const controller = new AbortController()
    const result = await trainAdapter({
      training: examples.slice(0, 7),
      validation: examples.slice(7),
      settings,
      steps,
      adapter,
      engine: engineOf(session),
      validationEngine: engineOf(validationSession),
      folder,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'step' && event.step === stopAfter) controller.abort()
      },
    })
    expect(result.state.step).toBe(steps)
    return result.last
  }

  test('stopped at every step and resumed ends with the same bits', async () => {
    const whole = parametersOf(await start(temporaryFolder()))
    const folder = temporaryFolder()
    for (let stop = 1; stop < steps; stop++)
      await expect(start(folder, stop)).rejects.toMatchObject({ code: 'E_INTERRUPTED' })
    expect(parametersOf(await start(folder))).toEqual(whole)
  })

  test('does not resume from a checkpoint of other settings', async () => {
    const folder = temporaryFolder()
    await start(folder)
    const model = await loadTinyModel('llama-tiny')
    const adapter = await tinyAdapter(model, 'initial-adapter')
    const goldens = model.goldens['training'] as TrainingGoldens
    const engine = { run: () => Promise.reject(new Error('not reached')) }
    const run = { training: toExamples(goldens.examples), validation: [], steps, adapter, folder }
    await expect(trainAdapter({ ...run, settings, engine, validationEngine: engine })).rejects.toMatchObject({
      code: 'E_RESUME',
    })
  })

  test('a loss that is not a number names the step and the record', async () => {
    const model = await loadTinyModel('llama-tiny')
    const adapter = await tinyAdapter(model, 'initial-adapter')
    const examples = toExamples((model.goldens['training'] as TrainingGoldens).examples).slice(0, 3)
    const engine = {
      run: () => Promise.resolve({ loss: Number.NaN, exampleLosses: [1, Number.NaN, 1], rows: 1 }),
    }
    const run = { training: examples, validation: [], settings, steps, adapter, folder: temporaryFolder() }
    await expect(trainAdapter({ ...run, engine, validationEngine: engine })).rejects.toMatchObject({
      code: 'E_NAN',
      message: expect.stringMatching(/step 1; records: example \d$/),
    })
  })
})
