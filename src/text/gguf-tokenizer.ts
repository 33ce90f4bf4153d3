import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import { byteLevelOnly } from './pre-tokenizer-rewrite.ts'
import { findPreTokenizerKind } from './pre-tokenizer-kinds.ts'

/** `llama_token_type` of llama.cpp's `llama.h`. */
const tokenType = { unknown: 2, control: 3, userDefined: 4 } as const

const strings = z.array(z.string())
const integer = z.union([z.int(), z.bigint()]).transform(Number)

export interface HuggingFaceTokenizer {
  /** What `tokenizer.json` holds. */
  readonly tokenizer: object
  /** What `tokenizer_config.json` holds, the chat template included. */
  readonly config: object
}

/**
 * The tokenizer that a GGUF file carries, as Hugging Face files; token ids are those of llama.cpp on the same file.
 *
 * @param metadata key → value of the GGUF header; arrays as JavaScript or typed arrays
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a kind of tokenizer that is not byte-level BPE with a known way of
 * cutting text, `E_MODEL_FILE` for metadata that contradict themselves
 */
export function tokenizerFromGguf(metadata: ReadonlyMap<string, unknown>): HuggingFaceTokenizer {
  const model = read(metadata, 'tokenizer.ggml.model', z.string())
  if (model !== 'gpt2') {
    throw new HoneError('E_MODEL_UNSUPPORTED', `the file's tokenizer is of the kind "${model}"`, {
      at: { pointer: 'tokenizer.ggml.model' },
      hint: "supported is gpt2 (byte-level BPE); import the model's Hugging Face folder instead",
    })
  }
  const kind = findPreTokenizerKind(readOptional(metadata, 'tokenizer.ggml.pre', z.string()) ?? 'default')
  const tokens = read(metadata, 'tokenizer.ggml.tokens', strings)
  const merges = read(metadata, 'tokenizer.ggml.merges', strings)
  const types = tokenTypes(metadata, tokens.length)
  const nameAt = (key: string): string | undefined => {
    const id = readOptional(metadata, key, integer)
    if (id === undefined) return undefined
    const token = tokens[id]
    if (token === undefined) throw broken(key, `token ${id} of ${tokens.length}`)
    return token
  }
  const addsBeginning = readOptional(metadata, 'tokenizer.ggml.add_bos_token', z.boolean())
  const template = readOptional(metadata, 'tokenizer.chat_template', z.string())
  const named = {
    bos_token: nameAt('tokenizer.ggml.bos_token_id'),
    eos_token: nameAt('tokenizer.ggml.eos_token_id'),
    unk_token: nameAt('tokenizer.ggml.unknown_token_id'),
    pad_token: nameAt('tokenizer.ggml.padding_token_id'),
  }
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(tokens, types),
      normalizer: null,
      pre_tokenizer: kind.preTokenizer,
      post_processor: null,
      decoder: byteLevelOnly,
      model: {
        type: 'BPE',
        dropout: null,
        // llama.cpp drops bytes that have no token, whatever the file calls its unknown token.
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: kind.ignoreMerges,
        vocab: vocabularyOf(tokens),
        merges: merges.map(splitMerge),
      },
    },
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: false,
      ...Object.fromEntries(Object.entries(named).filter(([, name]) => name !== undefined)),
      ...(addsBeginning === undefined ? {} : { add_bos_token: addsBeginning }),
      ...(template === undefined ? {} : { chat_template: template }),
    },
  }
}

function tokenTypes(metadata: ReadonlyMap<string, unknown>, count: number): readonly number[] {
  const key = 'tokenizer.ggml.token_type'
  const types = readOptional(metadata, key, z.array(integer)) ?? []
  if (types.length !== 0 && types.length !== count)
    throw broken(key, `${types.length} types, ${count} tokens`)
  return types
}

function addedTokens(tokens: readonly string[], types: readonly number[]): object[] {
  return tokens.flatMap((content, id) => {
    const type = types[id]
    const isSpecial = type === tokenType.control || type === tokenType.unknown
    if ((!isSpecial && type !== tokenType.userDefined) || content === '') return []
    return [
      {
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: isSpecial,
      },
    ]
  })
}

function vocabularyOf(tokens: readonly string[]): Record<string, number> {
  const ids = new Map(tokens.map((token, id) => [token, id]))
  if (ids.size !== tokens.length) {
    const twice = tokens.findIndex((token, id) => ids.get(token) !== id)
    throw broken('tokenizer.ggml.tokens', `token ${twice} ${JSON.stringify(tokens[twice])} occurs twice`)
  }
  return Object.fromEntries(ids)
}

function splitMerge(merge: string, index: number): readonly [string, string] {
  // A space inside the first part would be at its start, as in llama.cpp's search from the second character on.
  const space = merge.indexOf(' ', 1)
  if (space < 1 || space === merge.length - 1) {
    throw broken('tokenizer.ggml.merges', `merge ${index} is ${JSON.stringify(merge)}`)
  }
  return [merge.slice(0, space), merge.slice(space + 1)]
}

function read<Schema extends z.ZodType>(
  metadata: ReadonlyMap<string, unknown>,
  key: string,
  schema: Schema,
): z.infer<Schema> {
  const value = metadata.get(key)
  if (value === undefined) throw broken(key, 'it is missing')
  const result = schema.safeParse(isTypedArray(value) ? Array.from<unknown>(value) : value)
  if (!result.success) throw broken(key, result.error.issues[0]?.message ?? 'unknown form')
  return result.data
}

function readOptional<Schema extends z.ZodType>(
  metadata: ReadonlyMap<string, unknown>,
  key: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  return metadata.has(key) ? read(metadata, key, schema) : undefined
}

function isTypedArray(value: unknown): value is ArrayLike<unknown> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

function broken(key: string, reason: string): HoneError {
  return new HoneError('E_MODEL_FILE', `the file's ${key} cannot be read: ${reason}`, {
    at: { pointer: key },
    hint: 'fetch the file again',
  })
}
