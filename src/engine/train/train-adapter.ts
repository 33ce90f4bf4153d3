import { createHash } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { HoneError } from '../../core/errors.ts'
import { copyAdapter, parametersOf, type Adapter } from '../adapter/adapter.ts'
import { AdamW, clipNorm } from './adam-w.ts'
import { epochBatches, stepsPerEpoch } from './batch-order.ts'
import { loadCheckpoint, saveCheckpoint, type CheckpointState } from './checkpoint.ts'
import { longestTokens, lossWeight, type EncodedExample } from './encoded-example.ts'
import type { EpochEnd } from './epoch-adapters.ts'
import type { LossEngine } from './gradient-engine.ts'
import { MetricsFiles } from './metrics-files.ts'
import { learningRateAt } from './schedule.ts'
import type { TrainingSettings } from '../../core/training-settings.ts'
import type { PreferenceMetrics, TrainingEvent } from '../../core/training-event.ts'
import { createRandom, type Random } from '../../lib/random.ts'

export interface TrainingRun {
  readonly training: readonly EncodedExample[]
  /** May be empty: then the last adapter is the best one. */
  readonly validation: readonly EncodedExample[]
  /** Numbers of examples of the files that validation consists of, in order: each is given its own loss. */
  readonly validationParts?: readonly number[] | undefined
  readonly settings: TrainingSettings
  /** Optimizer steps of the whole run. */
  readonly steps: number
  /** Where training starts; changed in place. */
  readonly adapter: Adapter
  readonly engine: LossEngine
  readonly validationEngine: LossEngine
  /** Checkpoints, metrics and events go here. */
  readonly folder: string
  /** Stops at the next step, with a checkpoint. */
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: (event: TrainingEvent) => void
  /** Told of the end of each epoch before its checkpoint; an epoch that is computed again after a resume is told again. */
  readonly onEpoch?: ((end: EpochEnd) => Promise<void>) | undefined
}

export interface TrainingResult {
  readonly best: Adapter
  readonly last: Adapter
  readonly bestStep: number
  readonly state: CheckpointState
}

/**
 * Trains an adapter from its start, or from the newest checkpoint in the folder, to the end. Interrupted at any moment and
 * started again, it ends with the same bits.
 *
 * @throws HoneError `E_INTERRUPTED` after the signal, `E_NAN` with the step and the records, `E_RESUME`, `E_DISK`
 */
export async function trainAdapter(run: TrainingRun): Promise<TrainingResult> {
  const { settings, steps, adapter, folder, signal } = run
  const parameters = parametersOf(adapter)
  const optimizer = new AdamW(parameters.length, settings)
  const checkpoints = join(folder, 'checkpoints')
  await mkdir(checkpoints, { recursive: true })
  await removeTemporary(checkpoints)

  const fingerprint = fingerprintOf(run)
  const { checkpoint: saved, damaged } = await loadCheckpoint(checkpoints, fingerprint)
  const state: Mutable<CheckpointState> = saved?.state ?? {
    schema: 1,
    fingerprint,
    step: 0,
    best: null,
    validationsSinceBest: 0,
    seconds: 0,
    history: { steps: [], validations: [] },
  }
  let bestParameters = saved?.bestParameters
  if (saved !== undefined) {
    parameters.set(saved.parameters)
    optimizer.firstMoments.set(saved.firstMoments)
    optimizer.secondMoments.set(saved.secondMoments)
    optimizer.steps = state.step
  }

  const files = new MetricsFiles(folder, settings.method)
  await files.start(state.history.steps, state.history.validations)
  const tell = async (event: TrainingEvent): Promise<void> => {
    await files.add(event)
    run.onEvent?.(event)
  }
  const checkpoint = async (): Promise<void> => {
    const { firstMoments, secondMoments } = optimizer
    await saveCheckpoint(checkpoints, { state, parameters, firstMoments, secondMoments, bestParameters })
    await tell({ type: 'checkpoint', step: state.step })
  }
  for (const found of damaged) await tell({ type: 'checkpoint-damaged', ...found })
  if (saved !== undefined) await tell({ type: 'resumed', step: state.step })

  const perEpoch = stepsPerEpoch(run.training.length, settings.batchSize, settings.accumulate)
  const schedule = { kind: settings.schedule, peak: settings.learningRate, warmup: settings.warmup, steps }
  const gradients = new Float32Array(parameters.length)
  const dropout = createRandom(settings.seed).fork('dropout')
  const pace = new Pace()
  let stopped = isSpent(run, state)
  let order = { epoch: -1, batches: [] as number[][] }
  while (state.step < steps && !stopped) {
    if (signal?.aborted === true) {
      await checkpoint()
      throw new HoneError(
        'E_INTERRUPTED',
        `stopped after step ${state.step} of ${steps}; the checkpoint is saved`,
      )
    }
    const started = performance.now()
    const epoch = Math.floor(state.step / perEpoch)
    if (order.epoch !== epoch) {
      order = { epoch, batches: epochBatches(run.training, settings.batchSize, settings.seed, epoch) }
    }
    const first = (state.step % perEpoch) * settings.accumulate
    const members = order.batches
      .slice(first, first + settings.accumulate)
      .map((batch) => batch.map((index) => run.training[index] as EncodedExample))

    const { loss, preferences } = await accumulate(run.engine, members, adapter, gradients, {
      step: state.step + 1,
      // Named by the step, so that one that is computed again after a resume drops the same.
      random: settings.dropout > 0 ? dropout.fork(`step ${state.step + 1}`) : undefined,
    })
    const learningRate = learningRateAt(state.step, schedule)
    const gradientNorm = clipNorm(gradients, settings.clip === 0 ? Infinity : settings.clip)
    refuseNaN(gradientNorm, 'the gradient', state.step + 1, members.flat())
    optimizer.step(parameters, gradients, learningRate)
    state.step += 1
    const metrics = { step: state.step, epoch: epoch + 1, loss, learningRate, gradientNorm, ...preferences }
    state.history.steps.push(metrics)
    const seconds = (performance.now() - started) / 1000
    state.seconds += seconds
    pace.add(seconds, members.flat())
    await tell({ type: 'step', ...metrics, steps, ...pace.rates(steps - state.step) })

    const isLast = state.step === steps
    if (run.validation.length > 0 && (isLast || state.step % settings.validationEvery === 0)) {
      const validated = await meanLoss(run, adapter)
      const validationLoss = validated.loss
      refuseNaN(validationLoss, 'the validation loss', state.step, [])
      const threshold = settings.earlyStopping?.threshold ?? 0
      const improved = state.best === null || validationLoss < state.best.loss - threshold
      state.validationsSinceBest = improved ? 0 : state.validationsSinceBest + 1
      // The best adapter is the one of the lowest loss; the threshold only decides whether waiting goes on.
      const best = state.best === null || validationLoss < state.best.loss
      if (best) {
        state.best = { step: state.step, loss: validationLoss, ...validated.parts }
        bestParameters = parameters.slice()
      }
      const validation = {
        step: state.step,
        epoch: epoch + 1,
        loss: validationLoss,
        ...validated.parts,
        ...validated.preferences,
      }
      state.history.validations.push(validation)
      await tell({ type: 'validation', ...validation, best })
      stopped = isSpent(run, state)
      if (stopped && !isLast) {
        await tell({ type: 'early-stop', step: state.step, bestStep: state.best?.step ?? state.step })
      }
    }
    if (run.onEpoch !== undefined && (isLast || stopped || state.step % perEpoch === 0)) {
      const validated = state.history.validations.at(-1)
      const validationLoss = validated?.step === state.step ? validated.loss : null
      await run.onEpoch({ step: state.step, epoch: epoch + 1, loss, validationLoss })
      await tell({ type: 'epoch', step: state.step, epoch: epoch + 1 })
    }
    if (isLast || stopped || state.step % settings.checkpointEvery === 0) await checkpoint()
    // Lets messages in, such as the wish to stop.
    await nextTurn()
  }

  const best = copyAdapter(adapter)
  if (bestParameters !== undefined) parametersOf(best).set(bestParameters)
  return { best, last: adapter, bestStep: state.best?.step ?? state.step, state }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

interface StepLoss {
  /** Per trained token, or per pair. */
  readonly loss: number
  readonly preferences: PreferenceMetrics | undefined
}

/** Adds up the gradients of a step's batches. */
async function accumulate(
  engine: LossEngine,
  batches: readonly (readonly EncodedExample[])[],
  adapter: Adapter,
  gradients: Float32Array,
  { step, random }: { readonly step: number; readonly random: Random | undefined },
): Promise<StepLoss> {
  const total = sumOf(batches.flat(), lossWeight)
  const margins: number[] = []
  gradients.fill(0)
  let loss = 0
  for (const batch of batches) {
    const result = await engine.run(batch, adapter, 1 / total, gradients, random)
    const broken = batch.filter((_, index) => !Number.isFinite(result.exampleLosses[index]))
    refuseNaN(result.loss, 'the loss', step, broken.length > 0 ? broken : batch)
    loss += result.loss
    margins.push(...(result.margins ?? []))
  }
  return { loss, preferences: preferenceMetrics(margins) }
}

/** The loss over all examples to validate with, and over each part of them. */
async function meanLoss(
  { validationEngine, validation, validationParts: parts, settings }: TrainingRun,
  adapter: Adapter,
): Promise<StepLoss & { readonly parts: { readonly partLosses?: readonly number[] } }> {
  const total = sumOf(validation, lossWeight)
  const byLength = validation.toSorted((left, right) => longestTokens(left) - longestTokens(right))
  const margins: number[] = []
  const ofEach = new Map<EncodedExample, number>()
  let loss = 0
  for (let at = 0; at < byLength.length; at += settings.batchSize) {
    const batch = byLength.slice(at, at + settings.batchSize)
    const result = await validationEngine.run(batch, adapter, 1 / total)
    loss += result.loss
    margins.push(...(result.margins ?? []))
    for (const [index, example] of batch.entries()) ofEach.set(example, result.exampleLosses[index] ?? NaN)
    await nextTurn()
  }
  const preferences = preferenceMetrics(margins)
  if (parts === undefined || sumOf(parts, Number) !== validation.length) {
    return { loss, preferences, parts: {} }
  }
  let from = 0
  const partLosses = parts.map((count) => {
    const part = validation.slice(from, (from += count))
    return (
      sumOf(part, (example) => (ofEach.get(example) ?? NaN) * lossWeight(example)) / sumOf(part, lossWeight)
    )
  })
  return { loss, preferences, parts: partLosses.every(Number.isFinite) ? { partLosses } : {} }
}

const sumOf = <Each>(values: readonly Each[], weigh: (value: Each) => number): number =>
  values.reduce((sum, value) => sum + weigh(value), 0)

function preferenceMetrics(margins: readonly number[]): PreferenceMetrics | undefined {
  if (margins.length === 0) return undefined
  return {
    rewardMargin: margins.reduce((sum, margin) => sum + margin, 0) / margins.length,
    rewardAccuracy: margins.filter((margin) => margin > 0).length / margins.length,
  }
}

function refuseNaN(value: number, what: string, step: number, records: readonly EncodedExample[]): void {
  if (Number.isFinite(value)) return
  const ids = records.map(({ id }) => id)
  const shown = ids.slice(0, 8).join(', ') + (ids.length > 8 ? ` and ${ids.length - 8} more` : '')
  throw new HoneError(
    'E_NAN',
    `${what} is not a number at step ${step}${ids.length > 0 ? `; records: ${shown}` : ''}`,
    {
      hint: 'look at these records, or train with a lower --learning-rate',
    },
  )
}

function isSpent({ settings }: TrainingRun, state: CheckpointState): boolean {
  return settings.earlyStopping !== null && state.validationsSinceBest >= settings.earlyStopping.patience
}

function fingerprintOf({ training, validation, settings, steps, adapter }: TrainingRun): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([settings, steps, adapter.config, [...adapter.tensors.keys()], training.length]))
  for (const { tokens, trained, weight, rejected } of [...training, ...validation]) {
    hash.update(`${tokens.join()};${trained.map(Number).join('')};${weight ?? 1}\n`)
    if (rejected !== undefined)
      hash.update(`${rejected.tokens.join()};${rejected.trained.map(Number).join('')}\n`)
  }
  return hash.digest('hex')
}

async function removeTemporary(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.tmp')) await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** Rates over the last steps. */
class Pace {
  readonly #recent: { seconds: number; examples: number; tokens: number }[] = []

  add(seconds: number, examples: readonly EncodedExample[]): void {
    const tokens = examples.reduce(
      (sum, example) => sum + example.tokens.length + (example.rejected?.tokens.length ?? 0),
      0,
    )
    this.#recent.push({ seconds, examples: examples.length, tokens })
    if (this.#recent.length > 20) this.#recent.shift()
  }

  rates(stepsLeft: number): {
    examplesPerSecond: number
    tokensPerSecond: number
    secondsLeft: number
    memoryBytes: number
  } {
    const sum = (key: 'seconds' | 'examples' | 'tokens'): number =>
      this.#recent.reduce((total, entry) => total + entry[key], 0)
    const seconds = sum('seconds')
    return {
      examplesPerSecond: sum('examples') / seconds,
      tokensPerSecond: sum('tokens') / seconds,
      secondsLeft: (seconds / this.#recent.length) * stepsLeft,
      memoryBytes: process.memoryUsage.rss(),
    }
  }
}
