import { HoneError } from '../../core/errors.ts'
import { shortestFloat } from '../../lib/shortest-float.ts'

/** Reads the metadata of a GGUF file by the keys of one architecture, such as `block_count` for `llama.block_count`. */
export class GgufMetadataReader {
  readonly #metadata: ReadonlyMap<string, unknown>
  readonly #architecture: string

  constructor(metadata: ReadonlyMap<string, unknown>, architecture: string) {
    this.#metadata = metadata
    this.#architecture = architecture
  }

  /** @throws HoneError `E_MODEL_FILE` where it is missing, `E_MODEL_UNSUPPORTED` where it differs by layer */
  number(key: string): number {
    const name = `${this.#architecture}.${key}`
    const value = this.#metadata.get(name)
    if (typeof value === 'number' && Number.isInteger(value)) return value
    // Fractions are in single precision: what was written is the shortest decimal that reads back as the same number.
    if (typeof value === 'number' && Number.isFinite(value)) return shortestFloat(value)
    if (value === undefined) throw new HoneError('E_MODEL_FILE', `the metadata "${name}" is missing`)
    if (typeof value === 'object') {
      throw new HoneError('E_MODEL_UNSUPPORTED', `the metadata "${name}" differs from layer to layer`)
    }
    throw new HoneError('E_MODEL_FILE', `the metadata "${name}" is not a number`)
  }

  optional(key: string): number | undefined {
    return this.#metadata.has(`${this.#architecture}.${key}`) ? this.number(key) : undefined
  }

  /** The `rope_scaling` of `config.json`, null for none. */
  ropeScaling(): Record<string, unknown> | null {
    const type = this.#metadata.get(`${this.#architecture}.rope.scaling.type`) ?? 'none'
    if (type === 'none') return null
    return {
      rope_type: type,
      factor: this.optional('rope.scaling.factor') ?? null,
      original_max_position_embeddings: this.optional('rope.scaling.original_context_length') ?? null,
    }
  }

  vocabularySize(): number {
    const known = this.optional('vocab_size')
    if (known !== undefined) return known
    const tokens = this.#metadata.get('tokenizer.ggml.tokens')
    if (Array.isArray(tokens)) return tokens.length
    throw new HoneError(
      'E_MODEL_FILE',
      `the metadata has neither "${this.#architecture}.vocab_size" nor "tokenizer.ggml.tokens"`,
    )
  }

  /** Ids of the special tokens under the names of `config.json`. */
  tokenIds(): Record<string, number> {
    const names = { bos_token_id: 'bos', eos_token_id: 'eos', pad_token_id: 'padding' }
    return Object.fromEntries(
      Object.entries(names).flatMap(([name, key]) => {
        const id = this.#metadata.get(`tokenizer.ggml.${key}_token_id`)
        return typeof id === 'number' ? [[name, id]] : []
      }),
    )
  }
}
