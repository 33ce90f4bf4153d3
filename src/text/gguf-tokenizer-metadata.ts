import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { findPreTokenizerKind, preTokenizerKinds } from './pre-tokenizer-kinds.ts'
import { cuttingProbe, isSameCutting } from './same-cutting.ts'
import { parseTokenizerJson } from './tokenizer-json.ts'
import { createTokenizer, type Tokenizer } from './tokenizer.ts'

/** `llama_token_type` of llama.cpp's `llama.h`. */
const tokenType = { normal: 1, control: 3, userDefined: 4, unused: 5 } as const

const bytePairs = z.looseObject({
  model: z.looseObject({
    type: z.literal('BPE'),
    vocab: z.record(z.string(), z.int()),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    byte_fallback: z.literal(false).nullish(),
  }),
  normalizer: z.null().optional(),
})

/**
 * The tokenizer of a model's Hugging Face files as metadata of a GGUF file: what `tokenizerFromGguf` reads. The kind of
 * cutting is found by its effect: the first that cuts in the same places and gives the same tokens.
 *
 * @param rows of the embedding: tokens that nothing names are written as unused ones
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a tokenizer that is not byte-level BPE of a kind that llama.cpp knows
 */
export function ggufTokenizerMetadata(
  tokenizerJson: unknown,
  tokenizerConfig: Readonly<Record<string, unknown>>,
  template: string,
  rows: number,
): ReadonlyMap<string, unknown> {
  const parsed = bytePairs.safeParse(tokenizerJson)
  if (!parsed.success) throw unsupported(`its ${parsed.error.issues[0]?.path.join('.')} is of another kind`)
  const { vocab, merges } = parsed.data.model
  const tokenizer = createTokenizer(tokenizerJson, tokenizerConfig)
  const tokens = Array.from({ length: rows }, (_, id) => `[PAD${id}]`)
  const types = new Int32Array(rows).fill(tokenType.unused)
  for (const [token, id] of Object.entries(vocab)) {
    tokens[id] = token
    types[id] = tokenType.normal
  }
  for (const { id, content, special } of tokenizer.addedTokens) {
    tokens[id] = content
    types[id] = special ? tokenType.control : tokenType.userDefined
  }
  const idOf = new Map(tokens.map((token, id) => [token, id]))
  const { names } = tokenizer
  const ids = { bos: names.bos, eos: names.eos, unknown: names.unknown, padding: names.pad }
  const metadata = new Map<string, unknown>([
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.token_type', types],
    ['tokenizer.ggml.merges', merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')))],
    ...Object.entries(ids).flatMap(([name, token]) => {
      const id = token === undefined ? undefined : idOf.get(token)
      return id === undefined ? [] : [[`tokenizer.ggml.${name}_token_id`, id] as const]
    }),
    ['tokenizer.chat_template', template],
  ])
  const addsBeginning = tokenizerConfig['add_bos_token']
  if (typeof addsBeginning === 'boolean') metadata.set('tokenizer.ggml.add_bos_token', addsBeginning)
  const { pre_tokenizer: stage } = parseTokenizerJson(tokenizerJson)
  for (const kind of preTokenizerKinds) {
    if (!isSameCutting(parsed.data, stage, findPreTokenizerKind(kind).preTokenizer)) continue
    metadata.set('tokenizer.ggml.pre', kind)
    if (isSame(tokenizer, metadata)) return metadata
  }
  throw unsupported('it cuts text in a way that no kind of llama.cpp does')
}

function isSame(tokenizer: Tokenizer, metadata: ReadonlyMap<string, unknown>): boolean {
  const written = tokenizerFromGguf(metadata)
  const other = createTokenizer(written.tokenizer, written.config)
  return cuttingProbe.every((text) => tokenizer.encode(text).join() === other.encode(text).join())
}

function unsupported(why: string): HoneError {
  return new HoneError(
    'E_MODEL_UNSUPPORTED',
    `the base's tokenizer cannot be written to a GGUF file: ${why}`,
    {
      at: { file: 'tokenizer.json' },
      hint: 'export a Hugging Face folder (--merged without --gguf) and convert it with llama.cpp',
    },
  )
}
