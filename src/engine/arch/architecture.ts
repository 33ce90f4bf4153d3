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
  readonly ropeTheta: number
  /** True when the vocabulary projection is the transposed embedding. */
  readonly tiedEmbeddings: boolean
}

export interface TensorSpec {
  /** Hugging Face name, such as `model.layers.0.self_attn.q_proj.weight`. */
  readonly name: string
  readonly shape: readonly number[]
}

/** How a GGUF file of this architecture maps to the Hugging Face layout. */
export interface GgufMapping {
  /** Value of `general.architecture`. */
  readonly architecture: string
  /** `config.json` in Hugging Face terms from the file's metadata. */
  config(metadata: ReadonlyMap<string, unknown>): Record<string, unknown>
  /** Name in the GGUF file of a Hugging Face tensor. */
  tensorName(name: string): string
  /**
   * Number of heads whose rows the converter interleaved for llama.cpp's rotary layout, to be undone on reading;
   * undefined for tensors that are stored as they are.
   */
  interleavedHeads(name: string, config: ModelConfig): number | undefined
}
