import type { Architecture, ModelConfig, TensorSpec } from '../arch/architecture.ts'

/** What a base model consists of, wherever it was read from; nothing is written yet. */
export interface ModelParts {
  readonly architecture: Architecture
  readonly config: ModelConfig
  readonly specs: readonly TensorSpec[]
  /** Files by the name that they get in the model's folder, as text. */
  readonly texts: Readonly<Record<'config.json' | 'tokenizer.json' | 'tokenizer_config.json', string>>
  /** Paths of the weights files. */
  readonly weights: readonly string[]
  /** As the source gives it, null where it does not. */
  readonly licence: string | null
  /** Name to make an id from. */
  readonly name: string
}
