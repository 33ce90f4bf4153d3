import type { GradientCheckpointing } from '../../core/training-settings.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import { rowsPerRun } from './gradient-engine.ts'

export interface DatasetTokens {
  readonly examples: number
  /** Tokens of the longest example. */
  readonly longest: number
  /** Tokens of an average example. */
  readonly mean: number
  /** Tokens of an average example that carry loss; default: a quarter of them. */
  readonly trained?: number
  /** Tokens that all examples have in common at their start, and that are computed once a batch; default 0. */
  readonly prefix?: number
  /** Examples to validate with; default 0. */
  readonly validation?: number
}

/** What the cost of a run depends on. */
interface TrainingSize extends DatasetTokens {
  readonly isPreference: boolean
  readonly hasDropout: boolean
  readonly baseParameters: number
  readonly trainableParameters: number
  readonly batchSize: number
  /** Examples of all steps together. */
  readonly learned: number
  /** How often the run validates. */
  readonly validations: number
}

export interface TrainingCost {
  /** Expected memory of the training process at its peak. */
  readonly peakBytes: number
  /** Floating-point operations of the whole run. */
  readonly operations: number
}

/** What a run costs, by what is computed again in the backward pass. */
export function trainingCost(
  config: ModelConfig,
  size: TrainingSize,
): Readonly<Record<GradientCheckpointing, TrainingCost>> {
  const { examples, longest, mean, trained = mean / 4, prefix = 0, validation = 0, isPreference } = size
  const { baseParameters, trainableParameters, batchSize, learned, validations } = size
  // The two sequences of a pair are computed one beside the other, and their prompt once for both.
  const sequences = isPreference ? 2 : 1
  const rowsOf = (count: number): number =>
    isPreference ? count * (mean + trained) : Math.ceil(count / batchSize) * prefix + count * (mean - prefix)
  const passOf = (count: number): number =>
    forwardOperations(config, baseParameters, {
      rows: rowsOf(count),
      keys: mean / 2,
      lossRows: count * trained * sequences,
    })
  // References of pairs are one more pass over all of them.
  const forwards = validations * validation + (isPreference ? examples + validation : 0)
  const memory = {
    baseParameters,
    trainableParameters,
    rows: Math.min(batchSize * sequences * longest, Math.max(rowsPerRun, sequences * longest)),
    keys: longest,
    dropout: size.hasDropout,
  }
  const cost = (mode: GradientCheckpointing, passes: number): TrainingCost => ({
    peakBytes: peakBytes(config, memory, mode),
    operations: passes * passOf(learned) + passOf(forwards),
  })
  return { none: cost('none', 2), activations: cost('activations', 2.1), layers: cost('layers', 3) }
}

interface MemorySize {
  readonly baseParameters: number
  readonly trainableParameters: number
  readonly rows: number
  readonly keys: number
  readonly dropout: boolean
}

/**
 * Operations of a forward pass: two for each weight and row, and for each query and key. The backward pass of a frozen base
 * takes as many: gradients of the activations alone.
 */
function forwardOperations(
  { heads, headSize, layers, vocabularySize, hiddenSize }: ModelConfig,
  baseParameters: number,
  { rows, keys, lossRows }: { readonly rows: number; readonly keys: number; readonly lossRows: number },
): number {
  const embedding = vocabularySize * hiddenSize
  const ofLayers = 2 * rows * Math.max(baseParameters - embedding, layers)
  return ofLayers + 4 * rows * keys * heads * headSize * layers + 2 * lossRows * embedding
}

/** Expected memory of a training step; measured to be within a fifth for bases of 0.1 to 1 B weights. */
function peakBytes(config: ModelConfig, size: MemorySize, mode: GradientCheckpointing): number {
  const { hiddenSize, intermediateSize, heads, layers, vocabularySize } = config
  // Kept for the backward pass: about eight hidden-sized and four intermediate-sized activations a layer, and the attention
  // probabilities twice.
  const ofLayer = 8 * hiddenSize + 4 * intermediateSize + 2 * heads * size.keys
  // Its gradients while one layer is gone back through, beside all inputs of layers.
  const kept = {
    none: layers * ofLayer,
    activations: layers * (4 * hiddenSize + 2 * intermediateSize) + 2 * ofLayer,
    layers: layers * hiddenSize + 2 * ofLayer,
  }[mode]
  // Masks are bytes: of the inputs of attention, its output, and the feed-forward's two parts.
  const masks = size.dropout ? (layers * (3 * hiddenSize + intermediateSize)) / 4 : 0
  const perRow = kept + masks
  // Answers are about a quarter of a record's tokens; logits and their exponentials exist at once.
  const logits = (size.rows / 4) * vocabularySize * 3
  const process = 250e6
  return process + 4 * (size.baseParameters + 5 * size.trainableParameters + size.rows * perRow + logits)
}
