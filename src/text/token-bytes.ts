import { bytesOfToken } from './byte-alphabet.ts'
import type { LibraryTokenizer } from './library-tokenizer.ts'

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
}

/** Byte-level vocabularies: each token is a run of bytes, and all bytes together are UTF-8. */
export function createByteLevelText(
  vocabulary: readonly (string | undefined)[],
  addedContents: ReadonlyMap<number, string>,
): TokenText {
  const utf8 = new TextEncoder()
  const known: (Uint8Array | undefined)[] = []
  const bytesOf = (id: number): Uint8Array => {
    const added = addedContents.get(id)
    return (known[id] ??= added === undefined ? bytesOfToken(vocabulary[id] ?? '') : utf8.encode(added))
  }
  return {
    decode: (ids) => {
      const stream = new TextDecoder('utf-8', { ignoreBOM: true })
      return ids.map((id) => stream.decode(bytesOf(id), { stream: true })).join('') + stream.decode()
    },
    stream: () => {
      const stream = new TextDecoder('utf-8', { ignoreBOM: true })
      return {
        push: (id) => stream.decode(bytesOf(id), { stream: true }),
        end: () => stream.decode(),
      }
    },
  }
}

/** Any other decoder of the library. A stream holds back bytes that are not a character yet. */
export function createLibraryText(
  library: LibraryTokenizer,
  vocabulary: readonly (string | undefined)[],
): TokenText {
  const isKnown = (id: number): boolean => vocabulary[id] !== undefined
  const decode = (ids: readonly number[]): string => library.decode(ids.filter(isKnown))
  return {
    decode,
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
