import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../core/errors.ts'
import { createTokenFinder, type AddedToken } from './added-tokens.ts'
import type { AnswerBytes } from './answer-bytes.ts'
import { byteCharacters } from './byte-alphabet.ts'
import { createLibraryTokenizer, type Piece } from './library-tokenizer.ts'
import { createSentencePieceEncoder } from './sentence-piece-tokenizer.ts'
import {
  createByteLevelText,
  createLibraryText,
  createSentencePieceText,
  type StreamDecoder,
  type TokenText,
} from './token-bytes.ts'
import {
  parseNamedTokens,
  parseTokenizerJson,
  type NamedTokens,
  type StageJson,
  type TokenizerJson,
} from './tokenizer-json.ts'

export interface EncodeOptions {
  /** Read special-token text as the special token. Default false: it stays text. */
  readonly special?: boolean
}

export interface DecodeOptions {
  /** Keep special tokens in the text. Default false. */
  readonly special?: boolean
}

/**
 * Text to token ids and back, equal to Hugging Face's `tokenizers` for the same `tokenizer.json`, and to llama.cpp for
 * one that was made from a GGUF file.
 */
export interface Tokenizer {
  /** One more than the largest id. A model's output layer may be larger. */
  readonly vocabularySize: number
  readonly addedTokens: readonly AddedToken[]
  /** Content to id of the added tokens that are special. */
  readonly specialTokens: ReadonlyMap<string, number>
  readonly names: NamedTokens
  readonly beginningOfSequence: number | undefined
  readonly endOfSequence: number | undefined
  /** Adds nothing of its own: no beginning and no end of sequence. */
  encode(text: string, options?: EncodeOptions): number[]
  /** The ids of each piece, encoded as one text in which only the given ids are special tokens. */
  encodePieces(pieces: readonly Piece[]): number[][]
  /** Never tidies white space. Ids that no token has become nothing, bytes that are no character U+FFFD. */
  decode(ids: readonly number[], options?: DecodeOptions): string
  streamDecoder(options?: DecodeOptions): StreamDecoder
  /** What tokens add to an answer; undefined where that depends on their neighbours. */
  answerBytes(): AnswerBytes | undefined
  /** The distinct characters that have no token and that `encode` drops, as the reference does. */
  droppedCharacters(text: string): string[]
}

/**
 * The tokenizer of a model folder: `tokenizer.json`, and `tokenizer_config.json` where there is one.
 *
 * @throws HoneError `E_MODEL_FILE` where a file is missing or broken, `E_MODEL_UNSUPPORTED` where it cannot be run.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const [tokenizer, config] = await Promise.all([
    readJson(join(folder, 'tokenizer.json')),
    readJson(join(folder, 'tokenizer_config.json'), {}),
  ])
  return createTokenizer(tokenizer, config)
}

/**
 * @param tokenizerJson what `tokenizer.json` holds
 * @param tokenizerConfig what `tokenizer_config.json` holds
 * @throws HoneError as `loadTokenizer`
 */
export function createTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown = {}): Tokenizer {
  const json = parseTokenizerJson(tokenizerJson)
  const names = parseNamedTokens(tokenizerConfig)
  const addedTokens = addedTokensOf(json)
  const special = addedTokens.filter((token) => token.special)
  const specialIds = new Set(special.map(({ id }) => id))
  const vocabulary = vocabularyOf(json, addedTokens)
  const idOf = new Map(vocabulary.flatMap((token, id) => (token === undefined ? [] : [[token, id] as const])))
  const findSpecial = createTokenFinder(special)
  const isByteLevel = hasByteLevelDecoder(json.decoder)
  const { encode, text } = createCodec(json, vocabulary, addedTokens, isByteLevel)
  const drops = isByteLevel && typeof json.model.unk_token !== 'string'
  const missingBytes = byteCharacters.flatMap((character, byte) =>
    drops && !idOf.has(character) ? [byte] : [],
  )

  return {
    vocabularySize: vocabulary.length,
    addedTokens,
    specialTokens: new Map(special.map(({ content, id }) => [content, id])),
    names,
    beginningOfSequence: names.bos === undefined ? undefined : idOf.get(names.bos),
    endOfSequence: names.eos === undefined ? undefined : idOf.get(names.eos),
    encode: (input, options) => {
      const pieces = options?.special === true ? cut(input, findSpecial(input)) : [input]
      return encode(pieces).flat()
    },
    encodePieces: encode,
    decode: (ids, options) =>
      text.decode(options?.special === true ? ids : ids.filter((id) => !specialIds.has(id))),
    streamDecoder: (options) => {
      const stream = text.stream()
      const isKept = (id: number): boolean => options?.special === true || !specialIds.has(id)
      return { push: (id) => (isKept(id) ? stream.push(id) : ''), end: () => stream.end() }
    },
    answerBytes: () => {
      const bytes = text.bytes()
      return bytes && { ...bytes, of: (id) => (specialIds.has(id) ? undefined : bytes.of(id)) }
    },
    droppedCharacters: (input) => charactersWith(missingBytes, input),
  }
}

interface Codec {
  readonly encode: (pieces: readonly Piece[]) => number[][]
  readonly text: TokenText
}

function createCodec(
  json: TokenizerJson,
  vocabulary: readonly (string | undefined)[],
  addedTokens: readonly AddedToken[],
  isByteLevel: boolean,
): Codec {
  const contents = new Map(addedTokens.map(({ id, content }) => [id, content]))
  const settings = json.model.sentencepiece
  if (settings !== undefined) {
    return {
      encode: createSentencePieceEncoder(json, settings),
      text: createSentencePieceText(vocabulary, contents, settings.addSpacePrefix),
    }
  }
  const library = createLibraryTokenizer(json)
  return {
    encode: library.encode,
    text: isByteLevel
      ? createByteLevelText(vocabulary, contents)
      : createLibraryText(library, vocabulary, contents, json.decoder),
  }
}

/** The text with the token places cut out of it, each as its id. */
export function cut(
  text: string,
  places: readonly { readonly start: number; readonly end: number; readonly id: number }[],
): Piece[] {
  const starts = [0, ...places.map(({ end }) => end)]
  return starts.flatMap((start, index): Piece[] => {
    const place = places[index]
    return place === undefined ? [text.slice(start)] : [text.slice(start, place.start), place.id]
  })
}

async function readJson(file: string, missing?: unknown): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    if (isMissing && missing !== undefined) return missing
    throw new HoneError('E_MODEL_FILE', isMissing ? 'the model has no such file' : 'the file is not JSON', {
      at: { file },
      hint: 'fetch the model again',
      cause,
    })
  }
}

function addedTokensOf(json: TokenizerJson): AddedToken[] {
  return (json.added_tokens ?? []).map((token) => {
    if (token.single_word === true) {
      throw new HoneError('E_MODEL_UNSUPPORTED', `the token ${token.content} is only found as a whole word`, {
        at: { file: 'tokenizer.json', pointer: '/added_tokens' },
        hint: 'choose another base model',
      })
    }
    return { id: token.id, content: token.content, special: token.special ?? false }
  })
}

function vocabularyOf(json: TokenizerJson, added: readonly AddedToken[]): (string | undefined)[] {
  const { vocab } = json.model
  const tokens = Array.isArray(vocab)
    ? vocab.map(([token], id) => [token, id] as const)
    : Object.entries(vocab)
  const places = new Map([
    ...tokens.map(([token, id]) => [id, token] as const),
    ...added.map(({ id, content }) => [id, content] as const),
  ])
  const size = [...places.keys()].reduce((largest, id) => Math.max(largest, id + 1), 0)
  // Twice the tokens leaves room for gaps and stops a file from asking for an array of four thousand million places.
  if (size > 2 * places.size + 1024) {
    throw new HoneError('E_MODEL_FILE', `${places.size} tokens have ids up to ${size - 1}`, {
      at: { file: 'tokenizer.json', pointer: '/model/vocab' },
      hint: 'fetch the model again',
    })
  }
  return Array.from({ length: size }, (_, id) => places.get(id))
}

function hasByteLevelDecoder(decoder: StageJson | null | undefined): boolean {
  if (decoder?.type !== 'Sequence') return decoder?.type === 'ByteLevel'
  const stages = decoder.decoders ?? []
  return stages.length > 0 && stages.every(({ type }) => type === 'ByteLevel' || type === 'Fuse')
}

function charactersWith(bytes: readonly number[], text: string): string[] {
  if (bytes.length === 0) return []
  const utf8 = new TextEncoder()
  const wanted = new Set(bytes)
  if (!utf8.encode(text).some((byte) => wanted.has(byte))) return []
  return [...new Set(text)].filter((character) => utf8.encode(character).some((byte) => wanted.has(byte)))
}
