import type { Random } from '../../lib/random.ts'
import type { Adapter } from '../adapter/adapter.ts'
import type { Tensor } from '../graph/session.ts'
import { createBatch, usedRows, type Batch } from './batch.ts'
import type { EncodedExample, EncodedSequence } from './encoded-example.ts'
import { partsOf, sharedPrefix } from './batch-parts.ts'
import {
  answerSums,
  runBatch,
  type BatchLoss,
  type EngineSettings,
  type LossEngine,
} from './gradient-engine.ts'
import type { PreferenceSettings } from '../../core/training-settings.ts'

/** Log-probabilities of a pair's answers: sums over their tokens, end-of-turn token included. */
export interface PairLogProbabilities {
  readonly chosen: number
  readonly rejected: number
}

/** By pair: at the starting point. */
export type References = ReadonlyMap<EncodedExample, PairLogProbabilities>

export interface PreferenceEngineSettings extends EngineSettings {
  readonly preference: PreferenceSettings
  readonly references: References
}

interface Pair {
  readonly example: EncodedExample
  readonly sequences: readonly [EncodedSequence, EncodedSequence]
}

interface Part {
  readonly prefixLength: number
  readonly pairs: readonly Pair[]
}

/**
 * Losses and gradients of preference pairs. The prompt of a pair is computed once for both answers; where several pairs
 * share a long beginning, they are computed together instead.
 */
export class PreferenceEngine implements LossEngine {
  readonly #settings: PreferenceEngineSettings

  constructor(settings: PreferenceEngineSettings) {
    this.#settings = settings
  }

  async run(
    examples: readonly EncodedExample[],
    adapter: Adapter,
    pairWeight: number,
    gradients?: Float32Array,
    random?: Random,
  ): Promise<Required<BatchLoss>> {
    const { preference } = this.#settings
    const total = { loss: 0, rows: 0 }
    const margins = new Map<EncodedExample, number>()
    for (const part of layOut(this.#settings, examples)) {
      const batch = this.#batch(part)
      const inputs = this.#pairInputs(part, batch, pairWeight)
      const outputs = await runBatch(this.#settings, batch, inputs, adapter, gradients, random)
      total.loss += Number(outputs['loss']?.data[0])
      total.rows += batch.rows
      for (const [index, { example }] of part.pairs.entries())
        margins.set(example, Number(outputs['margins']?.data[index]))
    }
    const inOrder = examples.map((example) => margins.get(example) ?? Number.NaN)
    return { ...total, margins: inOrder, exampleLosses: inOrder.map((margin) => lossOf(margin, preference)) }
  }

  /** Log-probabilities of both answers, for the references: by a session without dropout. */
  async logProbabilities(
    examples: readonly EncodedExample[],
    adapter: Adapter,
  ): Promise<PairLogProbabilities[]> {
    const found = new Map<EncodedExample, PairLogProbabilities>()
    for (const part of layOut(this.#settings, examples)) {
      const batch = this.#batch(part)
      const inputs = this.#pairInputs(part, batch, 1)
      const outputs = await runBatch(this.#settings, batch, inputs, adapter, undefined, undefined)
      const sums = answerSums(outputs, batch, 2 * part.pairs.length)
      for (const [index, { example }] of part.pairs.entries()) {
        const [chosen = 0, rejected = 0] = sums.slice(2 * index, 2 * index + 2)
        found.set(example, { chosen, rejected })
      }
    }
    return examples.map((example) => found.get(example) ?? { chosen: Number.NaN, rejected: Number.NaN })
  }

  #batch({ pairs, prefixLength }: Part): Batch {
    const { config } = this.#settings
    const sequences = pairs.flatMap((pair) => pair.sequences)
    const batch = createBatch(config, sequences, { prefixLength, tokenWeight: 0 })
    const { loss_weights: _, ...feeds } = batch.feeds
    return { ...batch, feeds }
  }

  #pairInputs(
    { pairs }: Part,
    { feeds, exampleOfRow }: Batch,
    pairWeight: number,
  ): Readonly<Record<string, Tensor>> {
    const { references } = this.#settings
    const rows = feeds['loss_rows']?.shape[0] ?? 0
    const signs = new Float32Array(pairs.length * rows)
    for (const [row, sequence] of exampleOfRow.entries())
      signs[Math.floor(sequence / 2) * rows + row] = sequence % 2 === 0 ? 1 : -1
    const ofPairs = (value: (example: EncodedExample) => number): Tensor => ({
      data: Float32Array.from(pairs, ({ example }) => value(example)),
      shape: [pairs.length],
    })
    return {
      pair_signs: { data: signs, shape: [pairs.length, rows] },
      pair_references: ofPairs((example) => {
        const reference = references.get(example)
        return reference === undefined ? 0 : reference.chosen - reference.rejected
      }),
      pair_weights: ofPairs(({ weight = 1 }) => pairWeight * weight),
    }
  }
}

const softplus = (value: number): number => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)))

/** The loss of a pair by its margin, as `preferenceLoss` has it. */
function lossOf(margin: number, { labelSmoothing }: PreferenceSettings): number {
  return (1 - labelSmoothing) * softplus(-margin) + labelSmoothing * softplus(margin)
}

/** The runs of a batch: all pairs after what all of them share, or each after its own prompt, whichever has fewer rows. */
function layOut(settings: EngineSettings, examples: readonly EncodedExample[]): Part[] {
  const pairs = examples.map((example): Pair => {
    if (example.rejected === undefined) throw new Error(`${example.id} is no preference pair`)
    return { example, sequences: [example, example.rejected] }
  })
  const together = grouped(settings, pairs)
  const alone = pairs.flatMap((pair) => grouped(settings, [pair]))
  return rowsOf(together) <= rowsOf(alone) ? together : alone
}

function grouped({ config, datasetPrefix }: EngineSettings, pairs: readonly Pair[]): Part[] {
  const prefixLength = sharedPrefix(
    pairs.flatMap(({ sequences }) => sequences),
    datasetPrefix,
  )
  const units = pairs.map((pair) => Object.assign([...pair.sequences], { pair }))
  return partsOf(config, units, prefixLength).map((part) => ({
    prefixLength,
    pairs: part.map(({ pair }) => pair),
  }))
}

// What a run costs beside its rows, in rows.
const runCost = 16

function rowsOf(parts: readonly Part[]): number {
  const rows = parts.map(
    ({ prefixLength, pairs }) =>
      runCost +
      usedRows(
        pairs.flatMap(({ sequences }) => sequences),
        prefixLength,
      ),
  )
  return rows.reduce((sum, own) => sum + own, 0)
}
