import { assert, constantFrom, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TrainingOverrides, TrainingPlan } from '../../core/training-settings.ts'
import { findArchitecture } from '../arch/registry.ts'
import { planTraining } from './plan-training.ts'

const llama = findArchitecture('LlamaForCausalLM')
// The shape of SmolLM2-135M.
const config = llama.config({
  vocab_size: 49_152,
  hidden_size: 576,
  intermediate_size: 1536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  max_position_embeddings: 8192,
  tie_word_embeddings: true,
})

const plan = (examples: number, longest: number, overrides: TrainingOverrides = {}): TrainingPlan =>
  planTraining(llama, config, { examples, longest, mean: longest / 2 }, overrides)

describe('defaults', () => {
  test.each([
    // examples, longest → batch, accumulate, epochs, steps, warm-up
    [40, 50, [4, 1, 8, 80, 4]],
    [480, 50, [8, 1, 3, 180, 9]],
    [480, 4000, [8, 1, 3, 180, 9]],
    [1000, 50, [16, 1, 3, 189, 10]],
    [10_000, 500, [16, 1, 2, 1250, 20]],
    [1, 50, [1, 1, 8, 8, 1]],
  ])('for %i examples of up to %i tokens', (examples, longest, expected) => {
    const { settings, steps } = plan(examples, longest)
    const { batchSize, accumulate, epochs, warmup } = settings
    expect([batchSize, accumulate, epochs, steps, warmup]).toEqual(expected)
  })

  test('for a base of 135 M weights', () => {
    const { settings, trainableParameters, baseParameters } = plan(480, 131)
    expect(settings).toMatchObject({ rank: 16, alpha: 32, learningRate: 1e-3, schedule: 'cosine' })
    expect(settings.targets).toEqual(llama.linearModules)
    expect(trainableParameters).toBe(4_884_480)
    expect(baseParameters).toBe(134_515_008)
  })

  test.each([
    [2048, 1e-3],
    [32_768, 5e-4],
    [262_144, 2e-4],
  ])('the learning rate falls with the size of the base (intermediate %i)', (intermediateSize, rate) => {
    const larger = { ...config, intermediateSize }
    const size = { examples: 480, longest: 100, mean: 50 }
    expect(planTraining(llama, larger, size).settings.learningRate).toBe(rate)
  })

  test.each([
    // validation records, overrides → times a run
    [undefined, {}, 6],
    [48, {}, 6],
    [120, {}, 5],
    [64, { epochs: 1 }, 3],
    [480, { epochs: 1 }, 2],
    [480, { epochs: 1, earlyStopping: {} }, 6],
  ])(
    '%s records are validated at most six times, and not longer than is learned',
    (validation, overrides, times) => {
      const size = { examples: 480, longest: 100, mean: 50 }
      const { settings, steps } = planTraining(
        llama,
        config,
        validation === undefined ? size : { ...size, validation },
        overrides,
      )
      expect(settings.validationEvery).toBe(Math.ceil(steps / times))
    },
  )

  test('every setting has its reason', () => {
    const { settings, reasons } = plan(480, 131)
    expect(Object.keys(reasons)).toEqual(Object.keys(settings))
    expect(Object.values(reasons).filter((reason) => reason.length < 5)).toEqual([])
    expect(reasons.batchSize).toBe('for 480 examples')
  })

  test('are whole steps of at least one example', () => {
    assert(
      property(integer({ min: 1, max: 50_000 }), integer({ min: 1, max: 10_000 }), (examples, longest) => {
        const { settings, steps, peakBytes } = plan(examples, longest)
        const { batchSize, accumulate, epochs, warmup, validationEvery, checkpointEvery } = settings
        for (const count of [batchSize, accumulate, epochs, steps, warmup, validationEvery, checkpointEvery])
          expect(count).toSatisfy((value: number) => Number.isInteger(value) && value >= 1)
        expect(batchSize).toBeLessThanOrEqual(examples)
        expect(steps).toBe(epochs * Math.ceil(Math.ceil(examples / batchSize) / accumulate))
        expect(peakBytes).toBeGreaterThan(4 * 134_515_008)
      }),
    )
  })
})

describe('adapters on the top layers', () => {
  const size = { examples: 1000, longest: 200, mean: 100, prefix: 40, validation: 100 }
  const planned = (overrides: TrainingOverrides, more = {}): TrainingPlan =>
    planTraining(llama, config, { ...size, ...more }, overrides)

  test('have fewer weights, and cost less time and memory', () => {
    const [all, eight, one] = [planned({}), planned({ layers: 8 }), planned({ layers: 1 })]
    expect(all.settings).toMatchObject({ layers: 'all', activationCache: false })
    expect(eight.trainableParameters).toBe((all.trainableParameters / 30) * 8)
    expect(one.trainableParameters).toBe(all.trainableParameters / 30)
    const plans = [all, eight, one]
    for (const key of ['operations', 'peakBytes'] as const) {
      const costs = plans.map((own) => own[key])
      expect(costs).toEqual(costs.toSorted((left, right) => right - left))
      expect(new Set(costs).size).toBe(3)
    }
    expect(planned({ layers: 30 }).operations).toBe(all.operations)
  })

  test('keep what the layers below give, where that is used again', () => {
    const kept = planned({ layers: 8 })
    expect(kept.settings.activationCache).toBe(true)
    // 40 shared rows and 60 of each of 1,100 examples, 576 numbers of four bytes each.
    expect(Math.ceil(((40 + 1100 * 60) * 576 * 4) / 1e6)).toBe(153)
    expect(kept.reasons.activationCache).toMatch(/^the 22 layers .* not 3\.3 times; takes 153 MB of disk/)
    expect(planned({ layers: 8, activationCache: false }).operations).toBeGreaterThan(kept.operations)
    const once = planned({ layers: 8, epochs: 1 }, { validation: 0 })
    expect([once.settings.activationCache, once.reasons.activationCache]).toEqual([
      false,
      'the 22 layers below the adapters see each record only once',
    ])
  })

  test('keep nothing where the disk is nearly full', () => {
    const { settings, reasons } = planned({ layers: 8 }, { freeDiskBytes: 200e6 })
    expect(settings.activationCache).toBe(false)
    expect(reasons.activationCache).toBe('it would take 153 MB of 200 MB that are free on the disk')
    expect(planned({ layers: 8 }, { freeDiskBytes: 400e6 }).settings.activationCache).toBe(true)
  })

  test('are no more than the base has', () => {
    expect(() => planned({ layers: 31 })).toThrow('31 layers are to learn; the base has 30')
  })
})

describe('preference pairs', () => {
  const size = { examples: 100, longest: 200, mean: 100 }

  test('are learned as such where all records are pairs', () => {
    const { settings, reasons } = planTraining(llama, config, { ...size, pairs: 100 })
    expect(settings).toMatchObject({ method: 'dpo', preference: { beta: 0.1, labelSmoothing: 0 } })
    expect(reasons.method).toBe('all records are preference pairs')
    const given = planTraining(llama, config, { ...size, pairs: 100 }, { preference: { beta: 0.5 } })
    expect(given.settings.preference).toEqual({ beta: 0.5, labelSmoothing: 0 })
    const answers = planTraining(llama, config, { ...size, pairs: 100 }, { method: 'sft' })
    expect(answers.settings).toMatchObject({ method: 'sft', preference: null })
  })

  test('take a tenth of the learning rate, and three epochs at most', () => {
    const { settings } = planTraining(llama, config, { ...size, pairs: 100 })
    expect(settings).toMatchObject({ learningRate: 1e-4, epochs: 3 })
    expect(planTraining(llama, config, size).settings).toMatchObject({ learningRate: 1e-3, epochs: 7 })
  })

  test('among other records, or missing, are refused with their number', () => {
    expect(() => planTraining(llama, config, { ...size, pairs: 40 })).toThrow(
      /40 of 100 records are preference/,
    )
    expect(() => planTraining(llama, config, { ...size, pairs: 40 }, { method: 'dpo' })).toThrow(/60 of 100/)
    expect(() => planTraining(llama, config, size, { preference: { beta: 1 } })).toThrow(/method is sft/)
  })

  test('take twice the rows', () => {
    const small = { examples: 100, longest: 60, mean: 30 }
    const pairs = planTraining(llama, config, { ...small, pairs: 100 }, { batchSize: 4 })
    expect(pairs.peakBytes).toBe(planTraining(llama, config, small, { batchSize: 8 }).peakBytes)
  })
})

describe('layers are computed twice', () => {
  const long = { examples: 100, longest: 8192, mean: 8192 }

  test('where a step would not fit into the free memory, with the numbers for a reason', () => {
    const roomy = planTraining(llama, config, { ...long, freeBytes: 1e13 })
    expect(roomy.settings.gradientCheckpointing).toBe('none')
    const tight = planTraining(llama, config, { ...long, freeBytes: 12e9 })
    expect(tight.settings.gradientCheckpointing).toBe('layers')
    expect(tight.peakBytes).toBeLessThan(roomy.peakBytes / 5)
    expect(tight.reasons.gradientCheckpointing).toMatch(/would need 1\d\d\.\d GB of 12\.0 GB that are free/)
    expect(tight.operations).toBeCloseTo(roomy.operations * 1.5, -3)
    const between = planTraining(llama, config, { ...long, freeBytes: 24e9 })
    expect(between.settings.gradientCheckpointing).toBe('activations')
    expect(between.peakBytes).toBeLessThan(0.8 * 24e9)
  })

  test('in part where that saves a gigabyte that is not plentiful', () => {
    const size = { examples: 480, longest: 160, mean: 100 }
    const chosen = (more: object): string =>
      planTraining(llama, config, { ...size, ...more }).settings.gradientCheckpointing
    expect(chosen({ freeBytes: 16e9 })).toBe('activations')
    expect(chosen({ freeBytes: 64e9 })).toBe('none')
    expect(chosen({ freeBytes: 16e9, longest: 60, mean: 40 })).toBe('none')
    const { reasons } = planTraining(llama, config, { ...size, freeBytes: 16e9 })
    expect(reasons.gradientCheckpointing).toMatch(/needs 2\.\d GB, not 3\.\d GB/)
  })

  test('as given', () => {
    const { settings, reasons } = plan(480, 50, { gradientCheckpointing: 'layers' })
    expect(settings.gradientCheckpointing).toBe('layers')
    expect(reasons.gradientCheckpointing).toBe('as given')
  })
})

test('operations grow with examples, and a shared prefix saves them', () => {
  const size = { examples: 480, longest: 200, mean: 200 }
  const operations = (more: object): number =>
    planTraining(llama, config, { ...size, ...more }, { epochs: 2 }).operations
  // Forward and gradients of the activations: twice two operations for each weight and row, and the attention's.
  expect(operations({}) / (2 * 480 * 200 * 4 * 134.5e6)).toBeGreaterThan(0.8)
  expect(operations({}) / (2 * 480 * 200 * 4 * 134.5e6)).toBeLessThan(1.3)
  expect(operations({ prefix: 150 })).toBeLessThan(operations({}) * 0.45)
  expect(operations({ validation: 48 })).toBeGreaterThan(operations({}) * 1.1)
})

describe('what is given', () => {
  test('is taken as it is, with that for a reason, and what depends on it follows', () => {
    const { settings, reasons, steps, trainableParameters } = plan(480, 131, {
      rank: 8,
      targets: ['q_proj', 'v_proj'],
      batchSize: 4,
      accumulate: 2,
      epochs: 1.5,
      learningRate: 3e-4,
    })
    expect(settings).toMatchObject({ rank: 8, alpha: 16, batchSize: 4, epochs: 1.5, learningRate: 3e-4 })
    expect(reasons).toMatchObject({ rank: 'as given', epochs: 'as given', alpha: 'twice the rank' })
    expect(steps).toBe(90)
    expect(trainableParameters).toBe(30 * 8 * (576 + 576 + 576 + 192))
  })

  test('undefined counts as not given', () => {
    expect(plan(480, 131, { rank: undefined, warmup: undefined, targets: undefined })).toEqual(plan(480, 131))
  })

  test.each([
    [{ maxSteps: 10 }, 10],
    [{ maxSteps: 10_000 }, 180],
    [{ epochs: 0.01 }, 1],
  ])('%o makes %i steps', (overrides, steps) => {
    expect(plan(480, 131, overrides).steps).toBe(steps)
  })

  test.each([
    [0, 0],
    [0.1, 18],
    [0.5, 90],
    [0.999, 180],
    [1, 1],
    [7, 7],
    [7.4, 7],
  ])('a warm-up of %d is %i of 180 steps', (warmup, steps) => {
    const { settings, reasons } = plan(480, 131, { warmup })
    expect([settings.warmup, reasons.warmup]).toEqual([steps, 'as given'])
  })

  test('half of early stopping is completed', () => {
    expect(plan(480, 131).settings.earlyStopping).toBeNull()
    const stopping = (overrides: TrainingOverrides['earlyStopping']): unknown =>
      plan(480, 131, { earlyStopping: overrides }).settings.earlyStopping
    expect(stopping({})).toEqual({ threshold: 0, patience: 3 })
    expect(stopping({ patience: 5 })).toEqual({ threshold: 0, patience: 5 })
    expect(stopping({ threshold: 0.01, patience: 1 })).toEqual({ threshold: 0.01, patience: 1 })
  })

  test.each([
    [['q_proj', 'c_attn'], 'llama has no linear layer "c_attn"'],
    [['q_proj', 'v_proj', 'q_proj'], 'the linear layer "q_proj" is named twice'],
    [[], 'no linear layer is to be trained'],
  ])('targets %j are refused', (targets, message) => {
    expect(() => plan(480, 131, { targets })).toThrow(
      expect.objectContaining({
        code: 'E_CONFIG',
        message,
        at: { pointer: '/training/targets' },
        hint: expect.stringContaining('q_proj, k_proj'),
      }),
    )
  })
})

test('longer records, more rows up to those of one run, and a higher rank need more memory', () => {
  assert(
    property(constantFrom(40, 480, 10_000), integer({ min: 20, max: 2000 }), (examples, longest) => {
      const bytes = (overrides: TrainingOverrides, length = longest): number =>
        plan(examples, length, { batchSize: 4, ...overrides }).peakBytes
      expect(bytes({ batchSize: 8 })).toBeGreaterThanOrEqual(bytes({}))
      expect(bytes({ batchSize: 64 })).toBe(bytes({ batchSize: 128 }))
      expect(bytes({ rank: 64 })).toBeGreaterThan(bytes({}))
      expect(bytes({}, longest + 10)).toBeGreaterThan(bytes({}))
    }),
  )
})
