import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { TrainingEvent } from '../../core/training-event.ts'
import type { TrainingSettings } from '../../core/training-settings.ts'
import { emptyAdapter, parametersOf, type Adapter } from '../adapter/adapter.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import type { EncodedExample } from './encoded-example.ts'
import type { EpochEnd } from './epoch-adapters.ts'
import type { LossEngine } from './gradient-engine.ts'
import { trainAdapter, type TrainingResult } from './train-adapter.ts'

const settings: TrainingSettings = {
  rank: 1,
  alpha: 1,
  targets: ['q_proj'],
  layers: 'all',
  epochs: 2,
  maxSteps: null,
  batchSize: 2,
  accumulate: 1,
  learningRate: 0.1,
  schedule: 'constant',
  warmup: 0,
  weightDecay: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: 0,
  seed: 1,
  validationEvery: 1,
  checkpointEvery: 100,
  earlyStopping: null,
  method: 'sft',
  preference: null,
  answers: 'all',
  scaling: 'standard',
  dropout: 0,
  gradientCheckpointing: 'none',
  activationCache: false,
}

/** An example of so many tokens, all but the first trained. */
const exampleOf = (id: string, length: number): EncodedExample => ({
  id,
  tokens: Array.from({ length }, (_, index) => index),
  trained: Array.from({ length }, (_, index) => index > 0),
})

const newAdapter = (): Adapter =>
  emptyAdapter([{ name: 'q_proj.lora_A.weight', shape: [1, 2] }], {
    rank: 1,
    alpha: 1,
    targetModules: ['q_proj'],
  })

interface Call {
  readonly ids: readonly string[]
  readonly tokenWeight: number
}

/** Says what it was asked; its gradient is 1 an example, and its loss each of the given ones in turn. */
class ScriptedEngine implements LossEngine {
  readonly calls: Call[] = []
  readonly #losses: number[]

  constructor(losses: readonly number[] = []) {
    this.#losses = [...losses]
  }

  run(
    examples: readonly EncodedExample[],
    _adapter: Adapter,
    tokenWeight: number,
    gradients?: Float32Array,
  ): ReturnType<LossEngine['run']> {
    this.calls.push({ ids: examples.map(({ id }) => id), tokenWeight })
    if (gradients !== undefined)
      for (let index = 0; index < gradients.length; index++) gradients[index]! += examples.length
    const loss = this.#losses.shift() ?? 1
    return Promise.resolve({ loss, exampleLosses: examples.map(() => loss), rows: 1 })
  }
}

interface Run {
  readonly result: TrainingResult
  readonly events: TrainingEvent[]
  readonly training: ScriptedEngine
}

const training = ['a', 'b', 'c', 'd', 'e'].map((id, index) => exampleOf(id, index + 2))

let folder = ''
beforeEach(() => {
  folder = temporaryFolder()
})

async function train(
  change: Partial<TrainingSettings>,
  steps: number,
  validationLosses: readonly number[] = [],
  signal?: AbortSignal,
  onEpoch?: (end: EpochEnd) => Promise<void>,
): Promise<Run> {
  const events: TrainingEvent[] = []
  const engine = new ScriptedEngine()
  const result = await trainAdapter({
    training,
    validation: validationLosses.length > 0 ? [exampleOf('v', 2)] : [],
    settings: { ...settings, ...change },
    steps,
    adapter: newAdapter(),
    engine,
    validationEngine: new ScriptedEngine(validationLosses),
    folder,
    signal,
    onEpoch,
    onEvent: (event) => events.push(event),
  })
  return { result, events, training: engine }
}

const stepsOf = (events: readonly TrainingEvent[], type: TrainingEvent['type']): number[] =>
  events.filter((event) => event.type === type).map((event) => ('step' in event ? event.step : 0))

const normOf = ({ result }: Run): number => result.state.history.steps[0]?.gradientNorm ?? 0

/** How far the first parameter went from 0. */
const moved = ({ result }: Run): number => Math.abs(parametersOf(result.last)[0] ?? 0)

describe('accumulation', () => {
  test('takes so many batches a step, weighted by the tokens of the whole step', async () => {
    const { training: engine, events } = await train({ accumulate: 2 }, 4)
    // Five examples are three batches: two steps an epoch, the second of one batch.
    expect(engine.calls).toHaveLength(6)
    const epochs = [engine.calls.slice(0, 3), engine.calls.slice(3)]
    for (const calls of epochs) {
      expect(calls.flatMap(({ ids }) => ids).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
      const tokensOf = (batches: readonly Call[]): number =>
        batches.flatMap(({ ids }) => ids).reduce((sum, id) => sum + id.charCodeAt(0) - 96, 0)
      const [first, second] = [calls.slice(0, 2), calls.slice(2)]
      expect(first.map(({ tokenWeight }) => tokenWeight * tokensOf(first))).toEqual([1, 1])
      expect(second.map(({ tokenWeight }) => tokenWeight * tokensOf(second))).toEqual([1])
    }
    const steps = events.filter((event) => event.type === 'step')
    expect(steps.map(({ epoch, loss }) => [epoch, loss])).toEqual([
      [1, 2],
      [1, 1],
      [2, 2],
      [2, 1],
    ])
    // The gradients of a step's batches are added, those of the step before are forgotten.
    const examples = epochs.flatMap((calls) => [
      calls[0]!.ids.length + calls[1]!.ids.length,
      calls[2]!.ids.length,
    ])
    expect(steps.map(({ gradientNorm }) => gradientNorm)).toEqual(
      examples.map((count) => Math.sqrt(2 * count ** 2)),
    )
  })

  test('the order of the epochs differs', async () => {
    const { training: engine } = await train({ batchSize: 1 }, 20)
    const orders = [0, 5, 10, 15].map((at) =>
      engine.calls
        .slice(at, at + 5)
        .flatMap(({ ids }) => ids)
        .join(''),
    )
    expect(new Set(orders).size).toBeGreaterThan(1)
  })
})

describe('validation of several parts', () => {
  /** The loss of an example is what its id says, at the first validation; one more at each that follows. */
  class NamedLosses implements LossEngine {
    #validations = -1

    run(
      examples: readonly EncodedExample[],
      _adapter: Adapter,
      tokenWeight: number,
    ): ReturnType<LossEngine['run']> {
      if (examples.some(({ id }) => id === '1')) this.#validations++
      const exampleLosses = examples.map(({ id }) => Number(id) + this.#validations)
      const loss = examples.reduce(
        (sum, { tokens }, at) => sum + (exampleLosses[at] ?? 0) * (tokens.length - 1) * tokenWeight,
        0,
      )
      return Promise.resolve({ loss, exampleLosses, rows: 1 })
    }
  }

  const validate = async (
    validationParts: readonly number[] | undefined,
  ): Promise<{ result: TrainingResult; events: TrainingEvent[] }> => {
    const events: TrainingEvent[] = []
    const result = await trainAdapter({
      training,
      // Trained tokens: 1, 4, 2 and 1.
      validation: [exampleOf('1', 2), exampleOf('2', 5), exampleOf('5', 3), exampleOf('9', 2)],
      validationParts,
      settings,
      steps: 2,
      adapter: newAdapter(),
      engine: new ScriptedEngine(),
      validationEngine: new NamedLosses(),
      folder: temporaryFolder(),
      onEvent: (event) => events.push(event),
    })
    return { result, events }
  }

  test('gives each part its own loss beside the joint one, by trained tokens', async () => {
    const { result, events } = await validate([2, 2])
    const joint = (1 * 1 + 2 * 4 + 5 * 2 + 9 * 1) / 8
    expect(result.state.best?.loss).toBeCloseTo(joint, 12)
    expect(result.state.best?.partLosses).toEqual([(1 * 1 + 2 * 4) / 5, (5 * 2 + 9 * 1) / 3])
    const told = events.flatMap((event) => (event.type === 'validation' ? [event.partLosses] : []))
    expect(told).toEqual([
      [9 / 5, 19 / 3],
      [9 / 5 + 1, 19 / 3 + 1],
    ])
    expect(result.state.history.validations.map(({ partLosses }) => partLosses)).toEqual(told)
  })

  test.each([
    ['none are told', undefined],
    ['they are not those of the data', [2, 3]],
    ['one of them is empty', [4, 0]],
  ])('says only the joint loss where %s', async (_, parts) => {
    const { result } = await validate(parts)
    expect(result.state.best).toEqual({ step: 1, loss: expect.closeTo(3.5, 12) })
  })
})

describe('the best adapter', () => {
  test('is the one of the lowest validation loss, and the last one goes on', async () => {
    const { result, events } = await train({}, 5, [5, 3, 4, 3, 6])
    expect(result.bestStep).toBe(2)
    expect(result.state.best).toEqual({ step: 2, loss: 3 })
    const bests = events.filter((event) => event.type === 'validation').map(({ best }) => best)
    expect(bests).toEqual([true, true, false, false, false])
    // Each step goes by the learning rate, because the gradient keeps its sign.
    expect(parametersOf(result.best)[0]).toBeGreaterThan(-0.25)
    expect(parametersOf(result.best)[0]).toBeLessThan(-0.15)
    expect(parametersOf(result.last)[0]).toBeLessThan(-0.4)
  })

  test('is the last one where nothing validates', async () => {
    const { result } = await train({}, 3)
    expect(result.bestStep).toBe(3)
    expect(parametersOf(result.best)).toEqual(parametersOf(result.last))
    expect(parametersOf(result.best).buffer).not.toBe(parametersOf(result.last).buffer)
  })

  test('is looked for every few steps and at the end', async () => {
    const { events } = await train({ validationEvery: 3 }, 7, [3, 2, 1])
    expect(stepsOf(events, 'validation')).toEqual([3, 6, 7])
  })
})

describe('early stopping', () => {
  test.each([
    ['stops after so many validations without a new lowest', 0, 2, [5, 4, 4.5, 4.2, 1], 4, 2],
    ['begins to count again after a better one', 0, 2, [5, 6, 4, 6, 3, 7, 8, 1], 7, 5],
    ['does not count a fall below the threshold as better', 0.5, 2, [5, 4.9, 4.8, 1], 3, 3],
    ['counts a fall above the threshold as better', 0.5, 2, [5, 4.4, 3.8, 3.2], 4, 4],
    ['never stops at a falling loss', 0, 1, [5, 4, 3, 2], 4, 4],
  ])('%s', async (_, threshold, patience, losses, lastStep, bestStep) => {
    const { result, events } = await train({ earlyStopping: { threshold, patience } }, losses.length, losses)
    expect(result.state.step).toBe(lastStep)
    expect(result.bestStep).toBe(bestStep)
    expect(events.filter(({ type }) => type === 'early-stop')).toEqual(
      lastStep < losses.length ? [{ type: 'early-stop', step: lastStep, bestStep }] : [],
    )
  })

  test('started again it is still stopped, with the same result', async () => {
    const change = { earlyStopping: { threshold: 0, patience: 2 } }
    const first = await train(change, 9, [5, 6, 7, 1])
    const again = await train(change, 9, [1])
    expect(again.training.calls).toEqual([])
    expect(again.result.state).toEqual(first.result.state)
    expect(parametersOf(again.result.best)).toEqual(parametersOf(first.result.best))
    expect(parametersOf(again.result.last)).toEqual(parametersOf(first.result.last))
  })
})

describe('a run', () => {
  test('saves a checkpoint every few steps and at the end', async () => {
    const { events } = await train({ checkpointEvery: 2 }, 5)
    expect(stepsOf(events, 'checkpoint')).toEqual([2, 4, 5])
    expect(readdirSync(join(folder, 'checkpoints')).toSorted()).toEqual(['step-000004', 'step-000005'])
  })

  test('tells of the end of each epoch, with the validation of its step, before its checkpoint', async () => {
    const ends: EpochEnd[] = []
    const { events } = await train(
      { validationEvery: 2 },
      6,
      [3, 2, 1],
      undefined,
      async (end) => void ends.push(end),
    )
    expect(ends).toEqual([
      { step: 3, epoch: 1, loss: 1, validationLoss: null },
      { step: 6, epoch: 2, loss: 1, validationLoss: 1 },
    ])
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['epoch', 'checkpoint'])
  })

  test('follows its schedule', async () => {
    const { result } = await train({ schedule: 'linear', warmup: 2 }, 4)
    expect(result.state.history.steps.map(({ learningRate }) => learningRate)).toEqual([0, 0.05, 0.1, 0.05])
  })

  test('clips only where a limit is set, and tells the length before', async () => {
    const clipped = await train({ clip: 1, epsilon: 1 }, 1)
    folder = temporaryFolder()
    const free = await train({ clip: 0, epsilon: 1 }, 1)
    expect(normOf(clipped)).toBe(normOf(free))
    expect(moved(clipped)).toBeLessThan(moved(free))
  })

  test('stops at a signal with a checkpoint, and goes on from there', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(train({}, 3, [], controller.signal)).rejects.toMatchObject({
      code: 'E_INTERRUPTED',
      message: 'stopped after step 0 of 3; the checkpoint is saved',
    })
    const { events } = await train({}, 3)
    expect(events[0]).toEqual({ type: 'resumed', step: 0 })
    expect(stepsOf(events, 'step')).toEqual([1, 2, 3])
  })

  test('removes what a killed save left', async () => {
    mkdirSync(join(folder, 'checkpoints', '.step-000002.tmp'), { recursive: true })
    writeFileSync(join(folder, 'checkpoints', '.step-000002.tmp', 'state.json'), '{')
    await train({}, 1)
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['step-000001'])
  })

  test('a damaged newest checkpoint costs the steps since the one before, and nothing else', async () => {
    const whole = await train({ checkpointEvery: 2 }, 6, [6, 5, 4, 3, 2, 1])
    writeFileSync(join(folder, 'checkpoints', 'step-000006', 'state.json'), '{')
    const again = await train({ checkpointEvery: 2 }, 6, [2, 1])
    expect(stepsOf(again.events, 'resumed')).toEqual([4])
    expect(stepsOf(again.events, 'step')).toEqual([5, 6])
    expect(parametersOf(again.result.last)).toEqual(parametersOf(whole.result.last))
    const table = readFileSync(join(folder, 'step_wise_training_metrics.csv'), 'utf8').trimEnd().split('\n')
    expect(table.map((line) => line.split(',')[0])).toEqual(['step_number', '1', '2', '3', '4', '5', '6'])
  })

  test('that cannot read its newest checkpoint says so, and keeps it', async () => {
    await train({ checkpointEvery: 1 }, 2)
    for (const name of readdirSync(join(folder, 'checkpoints')))
      writeFileSync(join(folder, 'checkpoints', name, 'state.json'), '{')
    const { events } = await train({ checkpointEvery: 1 }, 2)
    expect(events.slice(0, 3)).toMatchObject([
      {
        type: 'checkpoint-damaged',
        file: join(folder, 'checkpoints', 'damaged-step-000002'),
        reason: expect.stringMatching(/JSON/),
      },
      { type: 'checkpoint-damaged', file: join(folder, 'checkpoints', 'damaged-step-000001') },
      { type: 'step', step: 1 },
    ])
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toContain('damaged-step-000002')
  })

  test('weighs examples: each counts its tokens times its weight', async () => {
    const weighted = training.map((example, index) => ({ ...example, weight: index + 1 }))
    const engine = new ScriptedEngine()
    const run = { training: weighted, validation: [], steps: 1, adapter: newAdapter(), engine, folder }
    const own = { ...settings, batchSize: 5 }
    await trainAdapter({ ...run, settings: own, validationEngine: new ScriptedEngine() })
    // Tokens 1 to 5, times weights 1 to 5.
    expect(engine.calls.map(({ tokenWeight }) => tokenWeight)).toEqual([1 / 55])
  })

  test('other data is another run', async () => {
    await train({}, 1)
    const changed = { ...training[0]!, trained: [true, false] }
    const run = { validation: [], settings, steps: 1, adapter: newAdapter(), folder }
    const engine = new ScriptedEngine()
    await expect(
      trainAdapter({ ...run, training: [changed, ...training.slice(1)], engine, validationEngine: engine }),
    ).rejects.toMatchObject({ code: 'E_RESUME' })
    expect(engine.calls).toEqual([])
  })

  test('a validation loss that is not a number ends it', async () => {
    await expect(train({}, 3, [2, Number.NaN])).rejects.toMatchObject({
      code: 'E_NAN',
      message: 'the validation loss is not a number at step 2',
    })
  })
})
