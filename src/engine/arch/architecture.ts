import type { Graph, Value } from '../graph/graph.ts'
import type { GgufMapping } from './gguf-mapping.ts'
import type { RotaryScheme } from './rotary-scheme.ts'

/** How one layer attends. */
export interface LayerAttention {
  /** A query sees the keys that are fewer than this many positions before it; null for all of them. */
  readonly window: number | null
  /** Index into `rotations`. */
  readonly rotation: number
}

/** The numbers of a decoder-only transformer, in one vocabulary for every architecture. */
export interface ModelConfig {
  readonly architecture: string
  readonly vocabularySize: number
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly layers: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
  /** Longest sequence the weights were trained for, in tokens. */
  readonly contextLength: number
  readonly normEpsilon: number
  /** Factor of the scores `q · k`, mostly 1 / √headSize. */
  readonly attentionScale: number
  /** The kinds of rotary position embedding that its layers use. */
  readonly rotations: readonly RotaryScheme[]
  /** One entry a layer. */
  readonly attention: readonly LayerAttention[]
  /** Linear modules of a layer that add a bias, such as `q_proj`. */
  readonly biasedModules: readonly string[]
  /** True when the vocabulary projection is the transposed embedding. */
  readonly tiedEmbeddings: boolean
}

export interface TensorSpec {
  /** Hugging Face name, such as `model.layers.0.self_attn.q_proj.weight`. */
  readonly name: string
  readonly shape: readonly number[]
}

/** What an architecture writes its layers with; the training graph and the inference graph each hand in their own. */
export interface LayerContext {
  readonly graph: Graph
  /** A frozen tensor by its Hugging Face name; its shape comes from the architecture's list. */
  readonly weight: (name: string) => Value
  /**
   * Linear layers of one input by the Hugging Face names of their modules (without `.weight`), with the adapters where
   * there are some, and with the biases that the architecture lists: `[rows, inputs] → [rows, outputs]` each.
   */
  readonly linears: <const Modules extends readonly string[]>(
    input: Value,
    modules: Modules,
  ) => { [Index in keyof Modules]: Value }
  /** Rotates the heads of `[rows, heads · headSize]` by each row's position, as the layer does. */
  readonly rotate: (layer: number, input: Value, heads: number) => Value
  /**
   * Causal attention of every row to what its sequence holds so far, within the layer's window.
   *
   * @param queries `[rows, heads · headSize]`
   * @param keys `[rows, keyValueHeads · headSize]`
   * @param values `[rows, keyValueHeads · headSize]`
   * @returns `[rows, heads · headSize]`
   */
  readonly attend: (layer: number, queries: Value, keys: Value, values: Value) => Value
  /**
   * The rows whose last hidden states are wanted: `[rows, width] → [wanted, width]`. After the last layer's attention no
   * other row matters any more.
   */
  readonly wanted: (value: Value) => Value
}

/** Layers counted from 0, without `to`. */
interface LayerRange {
  readonly from: number
  readonly to: number
}

/** One family of models: how its `config.json` is read and how its layers are computed. */
export interface Architecture {
  readonly name: string
  /** Values of `architectures` in `config.json`. */
  readonly huggingFaceNames: readonly string[]
  readonly gguf: GgufMapping | undefined
  /** Names of the linear modules of a layer that can carry an adapter, such as `q_proj`. */
  readonly linearModules: readonly string[]
  /** Reads `config.json`; throws `E_MODEL_UNSUPPORTED` for a variant that is not computed here. */
  config(json: Readonly<Record<string, unknown>>): ModelConfig
  /** Every tensor that the weights must hold. */
  tensors(config: ModelConfig): readonly TensorSpec[]
  /** Embeddings of tokens: `[rows]` int64 → `[rows, hidden]`. */
  embed(context: LayerContext, config: ModelConfig, tokens: Value): Value
  /**
   * All layers: `[rows, hidden] → [wanted, hidden]`, before the final normalisation; or those of a range, which give all
   * rows where the last layer is not among them.
   */
  layers(context: LayerContext, config: ModelConfig, hidden: Value, range?: LayerRange): Value
  /** The final normalisation. */
  finalNorm(context: LayerContext, config: ModelConfig, hidden: Value): Value
  /** Name of the `[vocabulary, hidden]` tensor that turns hidden states into logits. */
  projection(config: ModelConfig): string
  /** Full module name of a linear module in a layer, such as `model.layers.3.self_attn.q_proj`. */
  moduleName(layer: number, module: string): string
}
