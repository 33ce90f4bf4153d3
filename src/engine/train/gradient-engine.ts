import type { Random } from '../../lib/random.ts'
import { parametersOf, type Adapter } from '../adapter/adapter.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import type { Session, Tensor } from '../graph/session.ts'
import type { ActivationCache } from './activation-cache.ts'
import { createBatch, type Batch } from './batch.ts'
import { partsOf, sharedPrefix } from './batch-parts.ts'
import type { DropoutMasks } from './dropout-masks.ts'
import { trainedTokens, type EncodedExample } from './encoded-example.ts'
import { gradientName } from './training-graph.ts'

export interface BatchLoss {
  /** Sum of −log p over the trained tokens, or of the losses of pairs, times their weights. */
  readonly loss: number
  /** Mean −log p per trained token of each example, or the loss of each pair, in order. */
  readonly exampleLosses: readonly number[]
  /** Of preference pairs: the reward margin of each, in order. */
  readonly margins?: readonly number[]
  /** Rows that the linear layers computed, unused ones included. */
  readonly rows: number
}

/** What computes losses and gradients. */
export interface LossEngine {
  /**
   * The loss of a batch; where `gradients` is given (flat, in the adapter's order), the batch's gradient is added to it.
   *
   * @param tokenWeight 1 / the sum of `lossWeight` over the whole optimizer step
   * @param random draws what is dropped; only where there is dropout
   */
  run(
    examples: readonly EncodedExample[],
    adapter: Adapter,
    tokenWeight: number,
    gradients?: Float32Array,
    random?: Random,
  ): Promise<BatchLoss>
}

export interface EngineSettings {
  readonly session: Session
  readonly config: ModelConfig
  /** Tokens that all examples of the run have in common at their start. */
  readonly datasetPrefix: number
  /** Where the session's graph has dropout. */
  readonly masks?: DropoutMasks | undefined
  /** Where the session's graph begins above the lowest layer: what comes out of those below. */
  readonly activations?: Pick<ActivationCache, 'hidden'> | undefined
}

/**
 * Computes losses and gradients of batches with one session of the training graph. A batch of many rows is computed in
 * several runs, which changes the sum in its last bits only.
 */
export class GradientEngine implements LossEngine {
  readonly #settings: EngineSettings

  /** @param datasetPrefix tokens that all examples of the run have in common at their start */
  constructor(
    session: Session,
    config: ModelConfig,
    datasetPrefix: number,
    more: Pick<EngineSettings, 'masks' | 'activations'> = {},
  ) {
    this.#settings = { session, config, datasetPrefix, ...more }
  }

  async run(
    examples: readonly EncodedExample[],
    adapter: Adapter,
    tokenWeight: number,
    gradients?: Float32Array,
    random?: Random,
  ): Promise<BatchLoss> {
    const { config, datasetPrefix } = this.#settings
    const prefixLength = sharedPrefix(examples, datasetPrefix)
    const total = { loss: 0, exampleLosses: [] as number[], rows: 0 }
    for (const part of partsOf(
      config,
      examples.map((example) => [example]),
      prefixLength,
    )) {
      const result = await this.#runPart(part.flat(), prefixLength, adapter, tokenWeight, gradients, random)
      total.loss += result.loss
      total.rows += result.rows
      total.exampleLosses.push(...result.exampleLosses)
    }
    return total
  }

  async #runPart(
    examples: readonly EncodedExample[],
    prefixLength: number,
    adapter: Adapter,
    tokenWeight: number,
    gradients: Float32Array | undefined,
    random: Random | undefined,
  ): Promise<BatchLoss> {
    const batch = createBatch(this.#settings.config, examples, { prefixLength, tokenWeight })
    const outputs = await runBatch(this.#settings, batch, {}, adapter, gradients, random)
    const sums = answerSums(outputs, batch, examples.length)
    return {
      loss: Number(outputs['loss']?.data[0]),
      exampleLosses: sums.map((sum, index) => -sum / trainedTokens(examples[index] as EncodedExample)),
      rows: batch.rows,
    }
  }
}

/** Runs the graph on a batch and adds up the gradients. */
export async function runBatch(
  { session, masks, activations }: EngineSettings,
  batch: Batch,
  more: Readonly<Record<string, Tensor>>,
  adapter: Adapter,
  gradients: Float32Array | undefined,
  random: Random | undefined,
): Promise<Readonly<Record<string, Tensor>>> {
  if (masks !== undefined && random === undefined) throw new Error('dropout needs a source of random numbers')
  const dropped = random === undefined ? {} : masks?.draw(batch, random)
  const outputs = await session.run({
    ...batch.feeds,
    ...more,
    ...dropped,
    ...(activations === undefined ? {} : { hidden: await activations.hidden(batch) }),
    ...Object.fromEntries(adapter.tensors),
  })
  if (gradients !== undefined) addGradients(outputs, adapter, gradients)
  return outputs
}

/** Sum of log p over the trained tokens of each sequence of a batch. */
export function answerSums(
  outputs: Readonly<Record<string, Tensor>>,
  { exampleOfRow }: Batch,
  sequences: number,
): number[] {
  const logProbabilities = outputs['log_probabilities']?.data as Float32Array
  const sums = Array.from({ length: sequences }, () => 0)
  for (const [row, sequence] of exampleOfRow.entries())
    sums[sequence] = (sums[sequence] ?? 0) + (logProbabilities[row] ?? 0)
  return sums
}

function addGradients(
  outputs: Readonly<Record<string, Tensor>>,
  adapter: Adapter,
  gradients: Float32Array,
): void {
  const start = parametersOf(adapter).byteOffset
  for (const [name, { data }] of adapter.tensors) {
    const part = outputs[gradientName(name)]?.data as Float32Array
    const offset = (data.byteOffset - start) / Float32Array.BYTES_PER_ELEMENT
    for (let index = 0; index < part.length; index++) {
      gradients[offset + index] = (gradients[offset + index] ?? 0) + (part[index] ?? 0)
    }
  }
}
