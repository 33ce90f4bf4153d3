import type { GradientCheckpointing } from '../../core/training-settings.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import { rowsPerRun } from './batch-parts.ts'

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
  /** Layers from the lowest one with an adapter on. */
  readonly adaptedLayers: number
  /** Whether the layers below are computed once for each example. */
  readonly activationCache: boolean
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
  const { adaptedLayers, activationCache } = size
  const ofLayers = (rows: number, layers: number): number =>
    layerOperations(config, baseParameters, { rows, keys: mean / 2 }) * (layers / config.layers)
  const top = (count: number): number =>
    ofLayers(rowsOf(count), adaptedLayers) +
    2 * count * trained * sequences * config.vocabularySize * config.hiddenSize
  // References of pairs are one more pass over all of them.
  const forwards = validations * validation + (isPreference ? examples + validation : 0)
  const frozenLayers = config.layers - adaptedLayers
  const frozen = activationCache
    ? ofLayers(prefix + (examples + validation) * sequences * (mean - prefix), frozenLayers)
    : ofLayers(rowsOf(learned + forwards), frozenLayers)
  const memory = {
    adaptedLayers,
    baseParameters,
    trainableParameters,
    rows: Math.min(batchSize * sequences * longest, Math.max(rowsPerRun, sequences * longest)),
    keys: longest,
    dropout: size.hasDropout,
  }
  const cost = (mode: GradientCheckpointing, passes: number): TrainingCost => ({
    peakBytes: peakBytes(config, memory, mode),
    operations: frozen + passes * top(learned) + top(forwards),
  })
  return { none: cost('none', 2), activations: cost('activations', 2.1), layers: cost('layers', 3) }
}

interface MemorySize {
  readonly adaptedLayers: number
  readonly baseParameters: number
  readonly trainableParameters: number
  readonly rows: number
  readonly keys: number
  readonly dropout: boolean
}

/**
 * Operations of all layers in a forward pass: two for each weight and row, and for each query and key. The backward pass of
 * frozen weights takes as many: gradients of the activations alone.
 */
function layerOperations(
  { heads, headSize, layers, vocabularySize, hiddenSize }: ModelConfig,
  baseParameters: number,
  { rows, keys }: { readonly rows: number; readonly keys: number },
): number {
  const weights = Math.max(baseParameters - vocabularySize * hiddenSize, layers)
  return 2 * rows * weights + 4 * rows * keys * heads * headSize * layers
}

/** Expected memory of a training step; measured to be within a fifth for bases of 0.1 to 1 B weights. */
function peakBytes(config: ModelConfig, size: MemorySize, mode: GradientCheckpointing): number {
  const { hiddenSize, intermediateSize, heads, vocabularySize } = config
  // Nothing of the layers below is kept.
  const layers = size.adaptedLayers
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
