import { gradientCheckpointings, type GradientCheckpointing } from '../../core/training-settings.ts'
import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parametersOf, type Adapter } from '../adapter/adapter.ts'
import {
  goldenTensors,
  loadTinyModel,
  openTrainingSession,
  relativeDifference,
  tinyAdapter,
  type TinyModel,
} from '../testing/tiny-model.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { AdamW } from './adam-w.ts'
import type { EncodedExample, EncodedSequence } from './encoded-example.ts'
import { PreferenceEngine, type References } from './preference-engine.ts'
import { referenceFile, referenceLogProbabilities } from './reference-log-probabilities.ts'

type Pair = [chosen: number, rejected: number]

interface PreferenceGoldens {
  readonly beta: number
  readonly pairs: readonly (EncodedSequence & { readonly rejected: EncodedSequence })[]
  readonly batch: {
    readonly references: readonly Pair[]
    readonly labelSmoothing: number
    readonly margins: readonly number[]
    readonly loss: number
    readonly gradients: string
  }
  readonly training: {
    readonly learningRate: number
    readonly weightDecay: number
    readonly references: readonly Pair[]
    readonly steps: readonly {
      readonly pairs: readonly number[]
      readonly loss: number
      readonly rewardMargin: number
    }[]
  }
}

interface Opened extends AsyncDisposable {
  readonly model: TinyModel
  readonly goldens: PreferenceGoldens
  readonly pairs: readonly EncodedExample[]
  readonly adapter: Adapter
  readonly engineOf: (references: readonly Pair[], datasetPrefix?: number) => PreferenceEngine
}

async function open(
  labelSmoothing: number,
  gradientCheckpointing: GradientCheckpointing = 'none',
): Promise<Opened> {
  const model = await loadTinyModel('llama-tiny')
  const text = await readFile(join(model.folder, 'preference.json'), 'utf8')
  const goldens = JSON.parse(text) as PreferenceGoldens
  const pairs = goldens.pairs.map((pair, index) => ({ id: `pair ${index}`, ...pair }))
  const adapter = await tinyAdapter(model, 'adapter')
  const preference = { beta: goldens.beta, labelSmoothing }
  const session = await openTrainingSession(model, adapter, 'gradients', {
    preference,
    gradientCheckpointing,
  })
  const { config } = model
  return {
    model,
    goldens,
    pairs,
    adapter,
    engineOf: (values, datasetPrefix = 5) => {
      const references: References = new Map(
        pairs.map((pair, index) => {
          const [chosen, rejected] = values[index] ?? [0, 0]
          return [pair, { chosen, rejected }]
        }),
      )
      return new PreferenceEngine({ session, config, datasetPrefix, preference, references })
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

describe('direct preference optimisation', () => {
  test.each(gradientCheckpointings)(
    "loss, margins and gradients equal TRL's formula by PyTorch and PEFT (computed twice: %s)",
    async (gradientCheckpointing) => {
      await using opened = await open(0.1, gradientCheckpointing)
      const { model, goldens, pairs, adapter, engineOf } = opened
      const { batch } = goldens
      const expected = await goldenTensors(model, batch.gradients)
      expect(expected.size).toBe(adapter.tensors.size)
      const gradients = new Float32Array(parametersOf(adapter).length)
      const result = await engineOf(batch.references).run(pairs, adapter, 1 / pairs.length, gradients)
      expect(result.loss).toBeCloseTo(batch.loss, 5)
      expect(relativeDifference(result.margins, batch.margins)).toBeLessThan(1e-5)
      const mean = result.exampleLosses.reduce((sum, loss) => sum + loss, 0) / pairs.length
      expect(mean).toBeCloseTo(batch.loss, 5)
      const differences: Record<string, number> = {}
      let offset = 0
      for (const [name, { data }] of adapter.tensors) {
        const own = gradients.subarray(offset, (offset += data.length))
        const golden = expected.get(`base_model.model.${name}`)?.data ?? []
        differences[name] = relativeDifference(own, golden)
      }
      expect(Object.entries(differences).filter(([, difference]) => !(difference < 1e-4))).toEqual([])
    },
  )

  test('the prompt of a pair is computed once for both answers', async () => {
    await using opened = await open(0)
    const { goldens, pairs, adapter, engineOf } = opened
    const [, long, , , , other] = pairs
    const engine = engineOf(goldens.batch.references)
    const alone = await engine.run([long!], adapter, 1)
    // 45 tokens of prompt, of which whole sixteens are shared, and two answers; apart they would be 96.
    expect(alone.rows).toBe(80)
    // Beside a pair with another prompt it is still computed by itself; what all share is too short.
    const both = await engine.run([other!, long!], adapter, 1)
    expect(both.margins[1]).toBe(alone.margins[0])
    expect(both.rows).toBeLessThan(2 * 45 + 2 * 35)
  })

  test('the weight of a pair counts, and the references of the starting point give a margin of 0', async () => {
    await using opened = await open(0)
    const { goldens, pairs, adapter, engineOf } = opened
    const values = await engineOf([]).logProbabilities(pairs, adapter)
    expect(values.length).toBeGreaterThan(0)
    for (const [index, [chosen, rejected]] of goldens.training.references.entries()) {
      expect(values[index]?.chosen).toBeCloseTo(chosen, 4)
      expect(values[index]?.rejected).toBeCloseTo(rejected, 4)
    }
    const references = values.map(({ chosen, rejected }): Pair => [chosen, rejected])
    const { margins } = await engineOf(references).run(pairs, adapter, 1)
    expect(Math.max(...margins.map(Math.abs))).toBeLessThan(1e-6)
    const engine = engineOf([...references, [0, 0]])
    const single = await engine.run([pairs[0]!], adapter, 0.5)
    expect(single.loss).toBeCloseTo(0.5 * Math.LN2, 6)
  })

  test('ten optimizer steps have the losses of PyTorch', async () => {
    await using opened = await open(0)
    const { goldens, pairs, adapter, engineOf } = opened
    const { training } = goldens
    const engine = engineOf(training.references)
    const parameters = parametersOf(adapter)
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: training.weightDecay }
    const optimizer = new AdamW(parameters.length, settings)
    expect(training.steps).toHaveLength(10)
    for (const [index, step] of training.steps.entries()) {
      const members = step.pairs.map((pair) => pairs[pair]!)
      const gradients = new Float32Array(parameters.length)
      const { loss, margins } = await engine.run(members, adapter, 1 / members.length, gradients)
      expect(Math.abs(loss - step.loss), `step ${index}`).toBeLessThan(1e-3)
      const margin = margins.reduce((sum, own) => sum + own, 0) / margins.length
      expect(Math.abs(margin - step.rewardMargin), `step ${index}`).toBeLessThan(1e-3)
      optimizer.step(parameters, gradients, training.learningRate)
    }
  })
})

const pairOf = (id: string, length: number): EncodedExample => {
  const tokens = Array.from({ length }, (_, index) => index)
  return {
    id,
    tokens,
    trained: tokens.map((token) => token > 0),
    rejected: { tokens: [1, 2], trained: [false, true] },
  }
}
const pairs = Array.from({ length: 20 }, (_, index) => pairOf(`pair ${index}`, 2 + ((index * 7) % 20)))

/** Answers with the lengths of both sequences; counts the pairs it was asked for, and stops after so many calls. */
function engineWith(stopAfter = Infinity, controller = new AbortController()) {
  const asked: string[] = []
  let calls = 0
  return {
    asked,
    signal: controller.signal,
    engine: {
      logProbabilities: (part: readonly EncodedExample[]) => {
        asked.push(...part.map(({ id }) => id))
        calls += 1
        if (calls >= stopAfter) controller.abort()
        return Promise.resolve(part.map(({ tokens }) => ({ chosen: -tokens.length / 3, rejected: -1 })))
      },
    },
  }
}
const adapterOf = async (): Promise<Adapter> => tinyAdapter(await loadTinyModel('llama-tiny'), 'adapter')

describe('references', () => {
  test('are computed once, kept, and taken up where they were cut off', async () => {
    const folder = temporaryFolder()
    const adapter = await adapterOf()
    const stopped = engineWith(2)
    await expect(
      referenceLogProbabilities({ pairs, adapter, folder, engine: stopped.engine, signal: stopped.signal }),
    ).rejects.toMatchObject({ code: 'E_INTERRUPTED' })
    expect(stopped.asked).toHaveLength(16)
    // As if the power went while the next line was written.
    const file = join(folder, referenceFile)
    appendFileSync(file, '[[-1.5,')
    const events: unknown[] = []
    const rest = engineWith()
    const run = { pairs, adapter, folder, engine: rest.engine }
    const values = await referenceLogProbabilities({ ...run, onEvent: (event) => events.push(event) })
    expect(rest.asked).toHaveLength(4)
    expect(events).toEqual([{ type: 'reference', done: 20, total: 20 }])
    for (const pair of pairs)
      expect(values.get(pair)).toEqual({ chosen: -pair.tokens.length / 3, rejected: -1 })
    const none = engineWith()
    const again = await referenceLogProbabilities({ ...run, engine: none.engine })
    expect(none.asked).toEqual([])
    expect(again).toEqual(values)
  })

  test('of other pairs or of another start are not used', async () => {
    const folder = temporaryFolder()
    const adapter = await adapterOf()
    await referenceLogProbabilities({ pairs, adapter, folder, engine: engineWith().engine })
    parametersOf(adapter)[0]! += 1
    const other = engineWith()
    await referenceLogProbabilities({ pairs, adapter, folder, engine: other.engine })
    expect(other.asked).toHaveLength(20)
  })

  test('that are not numbers name the record', async () => {
    const engine = {
      logProbabilities: () => Promise.resolve(pairs.map(() => ({ chosen: Number.NaN, rejected: 0 }))),
    }
    await expect(
      referenceLogProbabilities({ pairs, adapter: await adapterOf(), folder: temporaryFolder(), engine }),
    ).rejects.toMatchObject({ code: 'E_NAN', message: expect.stringContaining('pair ') })
  })
})
