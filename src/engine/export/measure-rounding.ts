import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Message } from '../../core/example.ts'
import type { Adapter } from '../adapter/adapter.ts'
import type { BaseModel } from '../base-model.ts'
import { InferenceModel } from '../generate/inference-model.ts'
import type { SessionOptions } from '../graph/session.ts'
import { loadGenerator } from '../load-generator.ts'
import { openModelSession } from '../model-session.ts'
import { buildInferenceGraph } from '../generate/inference-graph.ts'
import { cachedWeights } from '../weights/weight-cache.ts'
import type { WeightSource } from '../weights/weight-source.ts'

/** What storing the weights in a smaller type does to the answers of some rows. */
export interface RoundingCost {
  /** Where the rows are from. */
  readonly from: 'validation' | 'training' | 'built-in'
  readonly rows: number
  /** Tokens of their answers. */
  readonly tokens: number
  /** exp(mean loss) of the answers with the weights in fp32. */
  readonly exactPerplexity: number
  readonly roundedPerplexity: number
  /** Of the log-probability of an answer's token, in nats. */
  readonly meanDifference: number
  readonly largestDifference: number
}

export interface MeasureOptions extends SessionOptions {
  readonly cacheFolder: string
  readonly signal?: AbortSignal | undefined
}

export interface MeasuredRows {
  readonly from: RoundingCost['from']
  readonly conversations: readonly (readonly Message[])[]
}

const mostRows = 32
/** Longer rows take memory and tell nothing more. */
const mostTokens = 1024

/**
 * Compares the answers' log-probabilities under the base with its adapter in fp32 and under the weights that were
 * exported, both computed in fp32.
 *
 * @returns null when no row can be used
 */
export async function measureRounding(
  base: BaseModel,
  adapter: Adapter | undefined,
  openRounded: () => Promise<WeightSource>,
  { from, conversations }: MeasuredRows,
  options: MeasureOptions,
): Promise<RoundingCost | null> {
  const limit = Math.min(mostTokens, base.config.contextLength)
  const rows = conversations
    .slice(0, mostRows)
    .map((messages) => base.text.chatText.encodeExample(messages))
    .filter(({ tokens }) => tokens.length <= limit)
  const { signal, cacheFolder, ...session } = options
  const scored = async (model: InferenceModel): Promise<number[]> => {
    const all: number[] = []
    for (const { tokens, trained } of rows) {
      signal?.throwIfAborted()
      const [scores = []] = await model.score([tokens], model.emptyPrefix)
      all.push(...scores.filter((_, index) => trained[index + 1] === true))
    }
    return all
  }
  let exact: number[]
  {
    await using loaded = await loadGenerator(base, adapter, cacheFolder, session)
    exact = await scored(loaded.model)
  }
  if (exact.length === 0) return null
  const folder = join(cacheFolder, `export-${randomBytes(4).toString('hex')}`)
  try {
    const weights = await cachedWeights(openRounded, base.specs, {
      cacheFolder: folder,
      key: 'rounded',
      signal,
    })
    const graph = buildInferenceGraph(base.architecture, base.config)
    const opened = await openModelSession(graph, [weights], session)
    await using model = new InferenceModel(opened, base.config)
    const rounded = await scored(model)
    const differences = exact.map((value, index) => Math.abs(value - (rounded[index] ?? Number.NaN)))
    return {
      from,
      rows: rows.length,
      tokens: exact.length,
      exactPerplexity: Math.exp(-mean(exact)),
      roundedPerplexity: Math.exp(-mean(rounded)),
      meanDifference: mean(differences),
      largestDifference: differences.reduce((most, value) => Math.max(most, value), 0),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
