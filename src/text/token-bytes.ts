import { libraryAnswerBytes, type AnswerBytes } from './answer-bytes.ts'
import { bytesOfToken } from './byte-alphabet.ts'
import type { LibraryTokenizer } from './library-tokenizer.ts'
import { byteOfToken, spaceMark } from './sentence-piece-vocabulary.ts'
import type { StageJson } from './tokenizer-json.ts'

/** Turns tokens into text while they come; what `push` and `end` return, joined, is what decoding all at once gives. */
export interface StreamDecoder {
  /** The text that became certain with this token; never half a character. */
  push(id: number): string
  /** The rest. Bytes that never became a character come out as U+FFFD. */
  end(): string
}

/** How ids become text. Ids that no token has become nothing. */
export interface TokenText {
  decode(ids: readonly number[]): string
  stream(): StreamDecoder
  /** Special tokens are among them. Undefined where the text of a token depends on its neighbours. */
  bytes(): AnswerBytes | undefined
}

/** Byte-level vocabularies: each token is a run of bytes, and all bytes together are UTF-8. */
export function createByteLevelText(
  vocabulary: readonly (string | undefined)[],
  addedContents: ReadonlyMap<number, string>,
): TokenText {
  return createByteText((id) => {
    const added = addedContents.get(id)
    return added === undefined ? bytesOfToken(vocabulary[id] ?? '') : utf8.encode(added)
  }, false)
}

/**
 * SentencePiece vocabularies: tokens are text with U+2581 for a space, or single bytes. With a space prefix one space at
 * the start, which encoding put there, is left out.
 */
export function createSentencePieceText(
  vocabulary: readonly (string | undefined)[],
  addedContents: ReadonlyMap<number, string>,
  hasSpacePrefix: boolean,
): TokenText {
  return createByteText((id) => {
    const token = vocabulary[id] ?? ''
    const byte = byteOfToken(token)
    if (byte !== undefined) return Uint8Array.of(byte)
    return utf8.encode(addedContents.get(id) ?? token.replaceAll(spaceMark, ' '))
  }, hasSpacePrefix)
}

const utf8 = new TextEncoder()
const space = 0x20

function createByteText(toBytes: (id: number) => Uint8Array, stripsSpace: boolean): TokenText {
  const known: (Uint8Array | undefined)[] = []
  const bytesOf = (id: number): Uint8Array => (known[id] ??= toBytes(id))
  const stream = (): StreamDecoder => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    let isFirst = true
    return {
      push: (id) => {
        const bytes = bytesOf(id)
        const isPrefixed = stripsSpace && isFirst && bytes[0] === space
        isFirst = false
        return decoder.decode(isPrefixed ? bytes.subarray(1) : bytes, { stream: true })
      },
      end: () => decoder.decode(),
    }
  }
  return {
    decode: (ids) => {
      const decoder = stream()
      return ids.map((id) => decoder.push(id)).join('') + decoder.end()
    },
    stream,
    bytes: () => ({ of: bytesOf, leavesOutSpace: stripsSpace }),
  }
}

/** Any other decoder of the library. A stream holds back bytes that are not a character yet. */
export function createLibraryText(
  library: LibraryTokenizer,
  vocabulary: readonly (string | undefined)[],
  addedContents: ReadonlyMap<number, string>,
  decoder: StageJson | null | undefined,
): TokenText {
  const isKnown = (id: number): boolean => vocabulary[id] !== undefined
  const decode = (ids: readonly number[]): string => library.decode(ids.filter(isKnown))
  return {
    decode,
    bytes: () => libraryAnswerBytes(decoder, vocabulary, addedContents, decode),
    stream: () => {
      const ids: number[] = []
      let emitted = ''
      const emit = (text: string): string => {
        const delta = text.slice(emitted.length)
        emitted = text
        return delta
      }
      return {
        push: (id) => {
          ids.push(id)
          const text = decode(ids)
          return text.endsWith('\uFFFD') || !text.startsWith(emitted) ? '' : emit(text)
        },
        end: () => emit(decode(ids)),
      }
    },
  }
}
