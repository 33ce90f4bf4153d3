import { z } from 'zod'
import { HoneError } from '../core/errors.ts'

/** The parts of a Hugging Face `tokenizer.json` that are read here; everything else is passed on untouched. */
export interface TokenizerJson {
  readonly model: {
    readonly type?: string | undefined
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[]
    readonly unk_token?: string | null | undefined
    /** Pairs, or as older files have them two parts with a space between. */
    readonly merges?: Merges | undefined
    readonly sentencepiece?: SentencePieceJson | undefined
  }
  readonly added_tokens?: readonly AddedTokenJson[] | null | undefined
  readonly normalizer?: StageJson | null | undefined
  readonly pre_tokenizer?: StageJson | null | undefined
  readonly decoder?: StageJson | null | undefined
}

/**
 * What `tokenizer.json` has no place for in a SentencePiece model that came from a GGUF file. Other readers of the file
 * pass over it and use the merges, which give the same ids but for pairs of equal score.
 */
export interface SentencePieceJson {
  /** By token id, of score-merge BPE; a Unigram model has them in its vocabulary. */
  readonly scores?: readonly number[] | undefined
  /** Id of the unknown token. */
  readonly unknown: number
  readonly addSpacePrefix: boolean
  readonly removeExtraWhitespaces: boolean
  /** `precompiled_charsmap`, in base64. */
  readonly characterMap?: string | undefined
}

export interface AddedTokenJson {
  readonly id: number
  readonly content: string
  readonly special?: boolean | undefined
  readonly lstrip?: boolean | undefined
  readonly rstrip?: boolean | undefined
  readonly single_word?: boolean | undefined
}

/** A step of the normalizer, the pre-tokenizer or the decoder. */
export interface StageJson {
  readonly type: string
  readonly pretokenizers?: readonly StageJson[] | undefined
  readonly decoders?: readonly StageJson[] | undefined
  readonly pattern?: { readonly Regex?: string | undefined } | undefined
  readonly behavior?: string | undefined
  readonly [setting: string]: unknown
}

type Merges = readonly (string | readonly string[])[]

/** Checked by hand: these lists have hundreds of thousands of entries, and are read each time a model is opened. */
function isMerges(value: unknown): value is Merges {
  return Array.isArray(value) && value.every((merge) => typeof merge === 'string' || isPair(merge))
}

function isPair(merge: unknown): boolean {
  return Array.isArray(merge) && merge.every((part) => typeof part === 'string')
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number')
}

const addedTokenSchema: z.ZodType<AddedTokenJson> = z.looseObject({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  special: z.boolean().optional(),
  lstrip: z.boolean().optional(),
  rstrip: z.boolean().optional(),
  single_word: z.boolean().optional(),
})

const stageSchema: z.ZodType<StageJson> = z.looseObject({
  type: z.string(),
  pretokenizers: z.array(z.lazy(() => stageSchema)).optional(),
  decoders: z.array(z.lazy(() => stageSchema)).optional(),
  pattern: z.looseObject({ Regex: z.string().optional() }).optional(),
  behavior: z.string().optional(),
})

const sentencePieceSchema: z.ZodType<SentencePieceJson> = z.object({
  scores: z.custom<readonly number[]>(isNumbers, 'not a list of scores').optional(),
  unknown: z.int().nonnegative(),
  addSpacePrefix: z.boolean(),
  removeExtraWhitespaces: z.boolean(),
  characterMap: z.base64().optional(),
})

const tokenizerJsonSchema: z.ZodType<TokenizerJson> = z.looseObject({
  model: z.looseObject({
    type: z.string().optional(),
    vocab: z.union([z.record(z.string(), z.int().nonnegative()), z.array(z.tuple([z.string(), z.number()]))]),
    unk_token: z.string().nullish(),
    merges: z.custom<Merges>(isMerges, 'not a list of merges').optional(),
    sentencepiece: sentencePieceSchema.optional(),
  }),
  added_tokens: z.array(addedTokenSchema).nullish(),
  normalizer: stageSchema.nullish(),
  pre_tokenizer: stageSchema.nullish(),
  decoder: stageSchema.nullish(),
})

const namedTokenSchema = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish()

const tokenizerConfigSchema = z.looseObject({
  bos_token: namedTokenSchema,
  eos_token: namedTokenSchema,
  pad_token: namedTokenSchema,
  unk_token: namedTokenSchema,
})

/** Names of the tokens that a chat template may write, as in `tokenizer_config.json`. */
export interface NamedTokens {
  readonly bos: string | undefined
  readonly eos: string | undefined
  readonly pad: string | undefined
  readonly unknown: string | undefined
}

/** @throws HoneError `E_MODEL_FILE` where the file is not a tokenizer. */
export function parseTokenizerJson(value: unknown, file = 'tokenizer.json'): TokenizerJson {
  return parse(tokenizerJsonSchema, value, file)
}

/** @throws HoneError `E_MODEL_FILE` where a named token is neither a string nor an added token. */
export function parseNamedTokens(value: unknown, file = 'tokenizer_config.json'): NamedTokens {
  const config = parse(tokenizerConfigSchema, value, file)
  return {
    bos: nameOf(config.bos_token),
    eos: nameOf(config.eos_token),
    pad: nameOf(config.pad_token),
    unknown: nameOf(config.unk_token),
  }
}

function nameOf(token: z.infer<typeof namedTokenSchema>): string | undefined {
  return typeof token === 'string' ? token : token?.content
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string): z.infer<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new HoneError('E_MODEL_FILE', `not a ${file}: ${issue?.message ?? 'unknown form'}`, {
    at: { file, pointer: issue === undefined ? '' : issue.path.map((part) => `/${String(part)}`).join('') },
    hint: 'fetch the model again, or export its tokenizer with the Hugging Face tokenizers library',
  })
}
