import { z } from 'zod'
import { HoneError } from '../core/errors.ts'

/** `llama_token_type` of llama.cpp's `llama.h`. */
const tokenType = { unknown: 2, control: 3, userDefined: 4 } as const

/**
 * Tokens that llama.cpp takes for control tokens by their name, whatever type the file gives them
 * (`llama_vocab::impl::load`): a file that calls its end of turn an ordinary token must not let a user type it.
 */
const controlNames = new Set(
  (
    '<|eot_id|> <|im_end|> <|end|> <|return|> <|call|> <|flush|> <|calls|> <end_of_turn> ' +
    '<|endoftext|> </s> <|eom_id|> <EOT> _<EOT> [EOT] [EOS] <|end_of_text|> ' +
    '<end_of_utterance> <eos> <turn|> <｜end▁of▁sentence｜> <|fim_prefix|> <fim-prefix> ' +
    '<fim_prefix> <｜fim▁begin｜> <PRE> ▁<PRE> <|fim_suffix|> <fim-suffix> <fim_suffix> ' +
    '<｜fim▁hole｜> <SUF> ▁<SUF> <|fim_middle|> <fim-middle> <fim_middle> <｜fim▁end｜> <MID> ' +
    '▁<MID> <|fim_pad|> <fim-pad> <fim_pad> <PAD> [PAD] <|fim_repo|> <|repo_name|> ' +
    '<fim-repo> <REPO> <reponame> <|file_sep|>'
  ).split(' '),
)

const integer = z.union([z.int(), z.bigint()]).transform(Number)

/** The metadata of a GGUF file that concern its tokenizer, read one by one. */
export interface GgufTokens {
  /** By id; one without a name has one that names its id, as in llama.cpp. */
  readonly tokens: readonly string[]
  /** The entries of `added_tokens` in `tokenizer.json`: tokens that are found in text as a whole. */
  readonly added: readonly AddedEntry[]
  /** The token that a key names by its id, or the default where the file does not have the key. */
  nameAt(key: string, defaultId?: number): string | undefined
}

interface AddedEntry {
  readonly id: number
  readonly content: string
  readonly single_word: false
  readonly lstrip: false
  readonly rstrip: boolean
  readonly normalized: false
  readonly special: boolean
}

/** @throws HoneError `E_MODEL_FILE` for metadata that contradict themselves */
export function readGgufTokens(metadata: ReadonlyMap<string, unknown>): GgufTokens {
  const names = readMetadata(metadata, 'tokenizer.ggml.tokens', z.array(z.string()))
  const tokens = names.map((token, id) => (token === '' ? `[EMPTY_${id}]` : token))
  const types = readPerToken(metadata, 'tokenizer.ggml.token_type', tokens.length)
  return {
    tokens,
    added: addedTokens(tokens, types, stripsAfterControl(metadata)),
    nameAt: (key, defaultId) => {
      const id = readOptionalMetadata(metadata, key, integer)
      if (id === undefined) return defaultId === undefined ? undefined : tokens[defaultId]
      const token = tokens[id]
      if (token === undefined) throw brokenMetadata(key, `token ${id} of ${tokens.length}`)
      return token
    },
  }
}

/** One number for each token, or none at all. */
export function readPerToken(
  metadata: ReadonlyMap<string, unknown>,
  key: string,
  count: number,
): readonly number[] {
  const numbers = readOptionalMetadata(metadata, key, z.array(z.number())) ?? []
  if (numbers.length !== 0 && numbers.length !== count) {
    throw brokenMetadata(key, `${numbers.length} numbers, ${count} tokens`)
  }
  return numbers
}

/** Id of every token, by its text. */
export function vocabularyOf(tokens: readonly string[]): Record<string, number> {
  const ids = new Map(tokens.map((token, id) => [token, id]))
  if (ids.size !== tokens.length) {
    const twice = tokens.findIndex((token, id) => ids.get(token) !== id)
    throw brokenMetadata(
      'tokenizer.ggml.tokens',
      `token ${twice} ${JSON.stringify(tokens[twice])} occurs twice`,
    )
  }
  return Object.fromEntries(ids)
}

/** llama.cpp knows by the model's name that Phi-3 drops white space after its turn marks; the file does not say so. */
function stripsAfterControl(metadata: ReadonlyMap<string, unknown>): boolean {
  const name = metadata.get('general.name')
  return typeof name === 'string' && /phi-?3/i.test(name)
}

const neverStripping = new Set(['<unk>', '<s>', '<|endoftext|>'])

function addedTokens(tokens: readonly string[], types: readonly number[], strips: boolean): AddedEntry[] {
  return tokens.flatMap((content, id): AddedEntry[] => {
    const type = types[id]
    const isSpecial = type === tokenType.control || type === tokenType.unknown || controlNames.has(content)
    if (!isSpecial && type !== tokenType.userDefined) return []
    return [
      {
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: strips && !neverStripping.has(content),
        normalized: false,
        special: isSpecial,
      },
    ]
  })
}

/** @throws HoneError `E_MODEL_FILE` for a value that is missing or of another form */
export function readMetadata<Schema extends z.ZodType>(
  metadata: ReadonlyMap<string, unknown>,
  key: string,
  schema: Schema,
): z.infer<Schema> {
  const value = metadata.get(key)
  if (value === undefined) throw brokenMetadata(key, 'it is missing')
  const result = schema.safeParse(isTypedArray(value) ? Array.from<unknown>(value) : value)
  if (!result.success) throw brokenMetadata(key, result.error.issues[0]?.message ?? 'unknown form')
  return result.data
}

/** @throws HoneError `E_MODEL_FILE` for a value of another form */
export function readOptionalMetadata<Schema extends z.ZodType>(
  metadata: ReadonlyMap<string, unknown>,
  key: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  return metadata.has(key) ? readMetadata(metadata, key, schema) : undefined
}

function isTypedArray(value: unknown): value is ArrayLike<unknown> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

export function brokenMetadata(key: string, reason: string): HoneError {
  return new HoneError('E_MODEL_FILE', `the file's ${key} cannot be read: ${reason}`, {
    at: { pointer: key },
    hint: 'fetch the file again',
  })
}
