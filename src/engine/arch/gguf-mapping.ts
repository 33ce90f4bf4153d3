import { HoneError } from '../../core/errors.ts'
import type { ModelConfig } from './architecture.ts'
import { GgufMetadataReader } from './gguf-metadata-reader.ts'

/** What a file holds besides its metadata. */
interface GgufContents {
  readonly names: ReadonlySet<string>
  /** Numbers of the tensors that `settings` of the mapping names. */
  readonly settings: ReadonlyMap<string, readonly number[]>
}

/** What a file says of a configuration: metadata by their full keys, and settings as in `GgufContents`. */
export interface GgufSettings {
  readonly texts: Readonly<Record<string, string>>
  readonly counts: Readonly<Record<string, number>>
  readonly floats: Readonly<Record<string, number>>
  readonly tensors: Readonly<Record<string, readonly number[]>>
}

/** How a GGUF file of an architecture maps to the Hugging Face layout. */
export interface GgufMapping {
  /** Value of `general.architecture`. */
  readonly architecture: string
  /** Tensors of the file that hold no weights: `config` reads them. */
  readonly settings: readonly string[]
  /** `config.json` in Hugging Face terms. */
  config(metadata: ReadonlyMap<string, unknown>, contents?: GgufContents): Record<string, unknown>
  /** What `config` reads, for writing a file. Not every variant can be said: read it back and compare. */
  written(config: ModelConfig): GgufSettings
  /** Name in the GGUF file of a Hugging Face tensor. */
  tensorName(name: string): string
  /**
   * Number of heads whose rows the converter interleaved for llama.cpp's rotary layout, to be undone on reading;
   * undefined for tensors that are stored as they are.
   */
  interleavedHeads(name: string, config: ModelConfig): number | undefined
  /** What the converter added to every element of the tensor. */
  offset(name: string): number
}

export interface GgufMappingOptions {
  readonly architecture: string
  /** `architectures` and `model_type` of `config.json`. */
  readonly huggingFaceName: string
  readonly modelType: string
  /** Names of a layer's modules in the file, where they differ from those of Llama. */
  readonly modules?: Readonly<Record<string, string>>
  readonly settings?: readonly string[]
  /** True where rows of queries and keys are interleaved. */
  readonly isInterleaved?: boolean
  /** Added to the weights of all norms; default 0. */
  readonly normOffset?: number
  /** Fields of `config.json` besides, or instead of, those that every architecture has. */
  readonly fields: (read: GgufMetadataReader, contents: GgufContents) => Record<string, unknown>
  /** What `fields` reads, under keys without the architecture's name, besides or instead of what every file says. */
  readonly written?: (config: ModelConfig) => Partial<GgufSettings>
}

/** Tensor names outside the layers, Hugging Face to GGUF (`MODEL_TENSORS` of llama.cpp's gguf-py). */
const modelTensors: Readonly<Record<string, string>> = {
  'model.embed_tokens.weight': 'token_embd.weight',
  'model.norm.weight': 'output_norm.weight',
  'lm_head.weight': 'output.weight',
}

const layerModules: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'self_attn.q_norm': 'attn_q_norm',
  'self_attn.k_norm': 'attn_k_norm',
  post_attention_layernorm: 'ffn_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
}

const layerPattern = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/
const rotaryPattern = /\.self_attn\.([qk])_proj\.(?:weight|bias)$/
const nothing: GgufContents = { names: new Set(), settings: new Map() }

/** The mapping of one architecture, as `convert_hf_to_gguf.py` of llama.cpp writes its files. */
export function ggufMapping(options: GgufMappingOptions): GgufMapping {
  const { architecture, normOffset = 0 } = options
  const modules = { ...layerModules, ...options.modules }
  const named = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`${architecture}.${key}`, value]))
  return {
    architecture,
    settings: options.settings ?? [],

    config(metadata, contents = nothing) {
      const read = new GgufMetadataReader(metadata, architecture)
      const experts = read.optional('expert_count') ?? 0
      if (experts > 0) {
        throw new HoneError('E_MODEL_UNSUPPORTED', `a mixture of ${experts} experts is not supported`)
      }
      const heads = read.number('attention.head_count')
      return {
        architectures: [options.huggingFaceName],
        model_type: options.modelType,
        vocab_size: read.vocabularySize(),
        hidden_size: read.number('embedding_length'),
        intermediate_size: read.number('feed_forward_length'),
        num_hidden_layers: read.number('block_count'),
        num_attention_heads: heads,
        num_key_value_heads: read.optional('attention.head_count_kv') ?? heads,
        max_position_embeddings: read.number('context_length'),
        rms_norm_eps: read.number('attention.layer_norm_rms_epsilon'),
        rope_theta: read.optional('rope.freq_base') ?? 10_000,
        rope_scaling: read.ropeScaling(),
        ...read.tokenIds(),
        ...options.fields(read, contents),
      }
    },

    written(config) {
      const { texts, counts, floats, tensors } = options.written?.(config) ?? {}
      const [rotation] = config.rotations
      return {
        texts: named({ ...texts }),
        counts: named({
          vocab_size: config.vocabularySize,
          context_length: config.contextLength,
          embedding_length: config.hiddenSize,
          block_count: config.layers,
          feed_forward_length: config.intermediateSize,
          'attention.head_count': config.heads,
          'attention.head_count_kv': config.keyValueHeads,
          'attention.key_length': config.headSize,
          'attention.value_length': config.headSize,
          'rope.dimension_count': 2 * (rotation?.frequencies.length ?? 0),
          ...counts,
        }),
        floats: named({
          'attention.layer_norm_rms_epsilon': config.normEpsilon,
          'rope.freq_base': rotation?.base ?? 0,
          ...floats,
        }),
        tensors: tensors ?? {},
      }
    },

    tensorName(name) {
      const outside = modelTensors[name]
      if (outside !== undefined) return outside
      const [, layer, part, kind] = layerPattern.exec(name) ?? []
      const inLayer = part === undefined ? undefined : modules[part]
      if (inLayer !== undefined) return `blk.${layer}.${inLayer}.${kind}`
      throw new HoneError(
        'E_INTERNAL',
        `the tensor "${name}" has no name in GGUF files of ${architecture} models`,
      )
    },

    interleavedHeads(name, config) {
      const projection = options.isInterleaved === true ? rotaryPattern.exec(name)?.[1] : undefined
      if (projection === undefined) return undefined
      return projection === 'q' ? config.heads : config.keyValueHeads
    },

    offset: (name) => (name.endsWith('norm.weight') ? normOffset : 0),
  }
}

/** Size of a head where the file does not say that it differs from hidden size ÷ heads. */
export function ggufHeadSize(read: GgufMetadataReader): number {
  return (
    read.optional('attention.key_length') ??
    read.number('embedding_length') / read.number('attention.head_count')
  )
}
