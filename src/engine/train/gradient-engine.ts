import { commonPrefixLength } from '../../lib/common-prefix.ts'
import { parametersOf, type Adapter } from '../adapter/adapter.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import { isLongSequence } from '../arch/position-inputs.ts'
import type { Session, Tensor } from '../graph/session.ts'
import { createBatch, usedRows } from './batch.ts'
import { trainedTokens, type EncodedExample } from './encoded-example.ts'
import { gradientName } from './training-graph.ts'

export interface BatchLoss {
  /** Sum of −log p over the trained tokens, times the token weight. */
  readonly loss: number
  /** Mean −log p per trained token of each example, in order. */
  readonly exampleLosses: readonly number[]
  /** Rows that the linear layers computed, unused ones included. */
  readonly rows: number
}

/**
 * Rows of one run. More rows take more memory, about 2 GB for a thousand of them on a base of 135 M weights, and compute
 * none faster: the matrix products are at their full speed by then.
 */
export const rowsPerRun = 1024

// A longer prefix than the whole dataset's is used in whole steps of this, so that few shapes occur.
const prefixStep = 16

/** Computes losses and gradients of batches with one session of the training graph. */
export class GradientEngine {
  readonly #session: Session
  readonly #config: ModelConfig
  readonly #datasetPrefix: number

  /** @param datasetPrefix tokens that all examples of the run have in common at their start */
  constructor(session: Session, config: ModelConfig, datasetPrefix: number) {
    this.#session = session
    this.#config = config
    this.#datasetPrefix = datasetPrefix
  }

  /**
   * The loss of a batch; where `gradients` is given (flat, in the adapter's order), the batch's gradient is added to it.
   * A batch of many rows is computed in several runs, which changes the sum in its last bits only.
   *
   * @param tokenWeight 1 / trained tokens of the whole optimizer step
   */
  async run(
    examples: readonly EncodedExample[],
    adapter: Adapter,
    tokenWeight: number,
    gradients?: Float32Array,
  ): Promise<BatchLoss> {
    const prefixLength = this.#prefixLength(examples)
    const total = { loss: 0, exampleLosses: [] as number[], rows: 0 }
    for (const part of partsOf(this.#config, examples, prefixLength)) {
      const result = await this.#runPart(part, prefixLength, adapter, tokenWeight, gradients)
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
  ): Promise<BatchLoss> {
    const batch = createBatch(this.#config, examples, { prefixLength, tokenWeight })
    const outputs = await this.#session.run({ ...batch.feeds, ...Object.fromEntries(adapter.tensors) })
    if (gradients !== undefined) addGradients(outputs, adapter, gradients)
    const logProbabilities = outputs['log_probabilities']?.data as Float32Array
    const sums = examples.map(() => 0)
    for (const [row, example] of batch.exampleOfRow.entries()) {
      sums[example] = (sums[example] ?? 0) - (logProbabilities[row] ?? 0)
    }
    return {
      loss: Number(outputs['loss']?.data[0]),
      exampleLosses: sums.map((sum, index) => sum / trainedTokens(examples[index] as EncodedExample)),
      rows: batch.rows,
    }
  }

  #prefixLength(examples: readonly EncodedExample[]): number {
    // Every sequence keeps at least one token of its own.
    const limit = Math.min(...examples.map(({ tokens }) => tokens.length)) - 1
    const common = commonPrefixLength(examples.map(({ tokens }) => tokens))
    const stepped = Math.floor(common / prefixStep) * prefixStep
    return Math.max(0, Math.min(limit, Math.max(stepped, Math.min(common, this.#datasetPrefix))))
  }
}

/**
 * Cuts a batch so that no run has more than `rowsPerRun` rows, unless a single example has, nor examples that are rotated
 * differently.
 */
function partsOf(
  config: ModelConfig,
  examples: readonly EncodedExample[],
  prefixLength: number,
): EncodedExample[][] {
  const isLong = ({ tokens }: EncodedExample): boolean => isLongSequence(config, tokens.length)
  const parts: EncodedExample[][] = []
  let part: EncodedExample[] = []
  for (const example of examples) {
    const [first] = part
    const isFull = usedRows([...part, example], prefixLength) > rowsPerRun
    if (first !== undefined && (isFull || isLong(first) !== isLong(example))) {
      parts.push(part)
      part = []
    }
    part.push(example)
  }
  return part.length > 0 ? [...parts, part] : parts
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
