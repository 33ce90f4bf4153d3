import type { LayerAttention, ModelConfig } from './architecture.ts'
import type { ConfigReader } from './config-reader.ts'
import { readRotaryScheme, type RotaryDefaults } from './rotary-scheme.ts'

// Far beyond any model: lists of layers and of a head's pairs are made before the weights are seen.
const mostLayers = 10_000
const largestHead = 65_536

/** Sizes of a model, as `config.json` names them in every family. */
export type Dimensions = Omit<ModelConfig, 'rotations' | 'attention' | 'biasedModules'>

export interface DimensionDefaults {
  /** Where `config.json` leaves it out; default: hidden size ÷ heads. */
  readonly headSize?: number
  readonly normEpsilon?: number
  readonly tiedEmbeddings?: boolean
}

export function readDimensions(
  read: ConfigReader,
  architecture: string,
  defaults: DimensionDefaults = {},
): Dimensions {
  const heads = read.count('num_attention_heads')
  const hiddenSize = read.count('hidden_size')
  const headSize = read.count('head_dim', defaults.headSize ?? hiddenSize / heads, { most: largestHead })
  return {
    architecture,
    vocabularySize: read.count('vocab_size'),
    hiddenSize,
    intermediateSize: read.count('intermediate_size'),
    layers: read.count('num_hidden_layers', undefined, { most: mostLayers }),
    heads,
    keyValueHeads: read.count('num_key_value_heads', heads),
    headSize,
    contextLength: read.count('max_position_embeddings'),
    normEpsilon: read.number('rms_norm_eps', defaults.normEpsilon ?? 1e-6),
    attentionScale: 1 / Math.sqrt(headSize),
    tiedEmbeddings: read.flag('tie_word_embeddings', defaults.tiedEmbeddings ?? false),
  }
}

/** One rotary embedding for all layers; `windowOf` tells each layer's window, null for none. */
export function sameRotation(
  read: ConfigReader,
  { layers, headSize, contextLength }: Dimensions,
  windowOf: (layer: number) => number | null = () => null,
  options: Pick<RotaryDefaults, 'partial'> = {},
): Pick<ModelConfig, 'rotations' | 'attention'> {
  const attention = Array.from({ length: layers }, (_, layer): LayerAttention => ({
    window: windowOf(layer),
    rotation: 0,
  }))
  return { rotations: [readRotaryScheme(read, { headSize, contextLength, ...options })], attention }
}
