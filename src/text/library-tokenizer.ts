import { randomBytes } from 'node:crypto'
import { Tokenizer as UntypedTokenizer } from '@huggingface/tokenizers'
import { HoneError } from '../core/errors.ts'
import { createPieceCache } from './piece-cache.ts'
import { rewritePreTokenizer } from './pre-tokenizer-rewrite.ts'
import type { AddedTokenJson, StageJson, TokenizerJson } from './tokenizer-json.ts'
import { createWordEncoder } from './word-encoder.ts'

interface Encoding {
  readonly ids: readonly number[]
  readonly tokens: readonly string[]
}

type LibraryClass = new (
  tokenizer: object,
  config: object,
) => {
  encode(text: string, options: { add_special_tokens: boolean }): Encoding
  decode(
    ids: readonly number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string
  readonly pre_tokenizer?: unknown
}

/** Text, never searched for special tokens, or the id of an added token. Two texts never adjoin. */
export type Piece = string | number

// The library's own type is `any` under `nodenext`: its declarations import without extensions.
const Library: LibraryClass = UntypedTokenizer

export interface LibraryTokenizer {
  /** The ids of each piece, in reading order. */
  readonly encode: (pieces: readonly Piece[]) => number[][]
  readonly decode: (ids: readonly number[]) => string
}

export interface LibraryTokenizerOptions {
  /** Encode word by word where that gives the same ids. Default true. */
  readonly byWord?: boolean
}

/**
 * The library's tokenizer with every added token renamed to a name that nobody can type. Pieces of text then hold no
 * special token whatever they say, yet the whole text is still encoded at once, so that white space beside an added
 * token and the first word of the text are treated as the reference treats them.
 */
export function createLibraryTokenizer(
  json: TokenizerJson,
  options: LibraryTokenizerOptions = {},
): LibraryTokenizer {
  const secret = `\uE0F1${randomBytes(12).toString('hex')}:`
  const added = json.added_tokens ?? []
  const sealedName = new Map(added.map(({ id }) => [id, `${secret}${id}\uE0F2`]))
  const contents = new Map([...sealedName].map(([id, name]) => [name, contentOf(added, id)]))
  const sealed = seal(json, sealedName)
  const isApart = arePiecesIndependent(json)
  const words = isApart && options.byWord !== false ? createWordEncoder(sealed, construct) : undefined
  // The merges of a large vocabulary take 100 MB: what words are enough for does without the second copy.
  let whole: InstanceType<LibraryClass> | undefined
  const library = (): InstanceType<LibraryClass> => (whole ??= construct(sealed))
  if (words === undefined) library()
  const sealedPattern = new RegExp(`${secret}\\d+\uE0F2`, 'g')

  const encodeTogether = (pieces: readonly Piece[]): number[][] => {
    const text = pieces.map((piece) => (typeof piece === 'string' ? piece : nameOf(sealedName, piece)))
    const { ids, tokens } = library().encode(text.join(''), { add_special_tokens: false })
    return groupByPiece(pieces, ids, (index) => contents.has(tokens[index] ?? ''))
  }
  const cache = createPieceCache((text) => words?.encode(text) ?? encodeTogether([text])[0] ?? [])
  const encodeApart = (pieces: readonly Piece[]): number[][] =>
    pieces.map((piece) => (typeof piece === 'string' ? cache(piece) : [piece]))

  return {
    encode: isApart ? encodeApart : encodeTogether,
    decode: (ids) =>
      ids.length === 0
        ? ''
        : library()
            .decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false })
            .replaceAll(sealedPattern, (name) => contents.get(name) ?? ''),
  }
}

/** True where the tokens of a text do not depend on the added token before or after it, or on being the first. */
function arePiecesIndependent(json: TokenizerJson): boolean {
  const hasStripping = (json.added_tokens ?? []).some(
    (token) => token.lstrip === true || token.rstrip === true,
  )
  const normalizer = json.normalizer?.type ?? 'NFC'
  return (
    !hasStripping && ['NFC', 'NFD', 'NFKC', 'NFKD'].includes(normalizer) && isPlaceless(json.pre_tokenizer)
  )
}

function isPlaceless(stage: StageJson | null | undefined): boolean {
  if (!stage) return true
  if (stage.type === 'Sequence') return (stage.pretokenizers ?? []).every(isPlaceless)
  return ['Split', 'Digits', 'ByteLevel'].includes(stage.type) && stage['add_prefix_space'] !== true
}

function nameOf(sealedName: ReadonlyMap<number, string>, id: number): string {
  const name = sealedName.get(id)
  if (name === undefined) throw new HoneError('E_INTERNAL', `token ${id} is not an added token`)
  return name
}

function contentOf(added: readonly AddedTokenJson[], id: number): string {
  return added.findLast((token) => token.id === id)?.content ?? ''
}

function groupByPiece(
  pieces: readonly Piece[],
  ids: readonly number[],
  isSealed: (index: number) => boolean,
): number[][] {
  let next = 0
  return pieces.map((piece) => {
    const start = next
    if (typeof piece === 'number') next++
    else while (next < ids.length && !isSealed(next)) next++
    return ids.slice(start, next)
  })
}

function seal(
  json: TokenizerJson,
  sealedName: ReadonlyMap<number, string>,
): TokenizerJson & { readonly post_processor: null } {
  const added = json.added_tokens ?? []
  const special = new Map(
    added
      .filter((token) => token.special === true)
      .map(({ content, id }) => [content, sealedName.get(id) ?? content]),
  )
  const rename = (token: string): string => special.get(token) ?? token
  const { vocab, unk_token: unknown } = json.model
  return {
    ...json,
    normalizer: json.normalizer ?? null,
    decoder: json.decoder ?? null,
    post_processor: null,
    pre_tokenizer: json.pre_tokenizer ? rewritePreTokenizer(json.pre_tokenizer) : null,
    model: {
      ...json.model,
      vocab: Array.isArray(vocab)
        ? vocab.map(([token, score]) => [rename(token), score] as const)
        : Object.fromEntries(Object.entries(vocab).map(([token, id]) => [rename(token), id])),
      ...mergesWithout(json.model.merges, special),
      ...(typeof unknown === 'string' ? { unk_token: rename(unknown) } : {}),
    },
    added_tokens: [
      ...added.filter((token) => token.special !== true),
      ...added.map((token) => ({
        ...token,
        content: sealedName.get(token.id) ?? token.content,
        normalized: false,
      })),
    ],
  }
}

/** Text must not merge into a special token: under its other name it would be none, and the text would vanish. */
function mergesWithout(
  merges: TokenizerJson['model']['merges'],
  special: ReadonlyMap<string, string>,
): Pick<TokenizerJson['model'], 'merges'> {
  if (merges === undefined) return {}
  return {
    merges: merges.filter(
      (merge) => !special.has(typeof merge === 'string' ? merge.replace(' ', '') : merge.join('')),
    ),
  }
}

function construct(json: object): InstanceType<LibraryClass> {
  try {
    return new Library(json, {})
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HoneError('E_MODEL_UNSUPPORTED', `this tokenizer cannot be run: ${reason}`, {
      at: { file: 'tokenizer.json' },
      hint: 'choose another base model',
      cause,
    })
  }
}
