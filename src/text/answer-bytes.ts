import { byteOfToken, spaceMark } from './sentence-piece-vocabulary.ts'
import type { StageJson } from './tokenizer-json.ts'

/** What each token adds to the bytes of an answer, whatever stands before it. */
export interface AnswerBytes {
  /** Undefined for special tokens and ids without a token. */
  of(token: number): Uint8Array | undefined
  /** Whether a space at the very beginning of an answer is no part of it: encoding puts one there. */
  readonly leavesOutSpace: boolean
}

const utf8 = new TextEncoder()
const probes = 200

/**
 * The bytes of tokens that the library decodes, where its decoder treats each by itself: U+2581 for a space, single bytes
 * (`<0x0A>`), and a space at the beginning that is left out. Undefined for any other decoder, and where tokens turn out to
 * be decoded otherwise.
 */
export function libraryAnswerBytes(
  decoder: StageJson | null | undefined,
  vocabulary: readonly (string | undefined)[],
  addedContents: ReadonlyMap<number, string>,
  decode: (ids: readonly number[]) => string,
): AnswerBytes | undefined {
  const stages = decoder?.type === 'Sequence' ? (decoder.decoders ?? []) : decoder ? [decoder] : []
  const known = new Set(['Replace', 'ByteFallback', 'Fuse', 'Strip', 'Metaspace'])
  if (stages.length === 0 || !stages.every(({ type }) => known.has(type))) return undefined
  const hasBytes = stages.some(({ type }) => type === 'ByteFallback')
  const textOf = (token: number): string | undefined =>
    addedContents.get(token) ?? vocabulary[token]?.replaceAll(spaceMark, ' ')
  const spaced = vocabulary.findIndex((token, id) => token?.startsWith(spaceMark) && !addedContents.has(id))
  const leavesOutSpace = spaced >= 0 && decode([spaced]) === textOf(spaced)?.slice(1)
  const plain = vocabulary.findIndex((token, id) => /^[a-z]$/.test(token ?? '') && !addedContents.has(id))
  if (plain < 0) return undefined
  const step = Math.max(1, Math.floor(vocabulary.length / probes))
  for (let token = 0; token < vocabulary.length; token += step) {
    const text = textOf(token)
    if (text === undefined || byteOfToken(vocabulary[token] ?? '') !== undefined) continue
    if (decode([plain, token]) !== `${textOf(plain)}${text}`) return undefined
  }
  return {
    leavesOutSpace,
    of: (token) => {
      const byte = hasBytes ? byteOfToken(vocabulary[token] ?? '') : undefined
      if (byte !== undefined) return Uint8Array.of(byte)
      const text = textOf(token)
      return text === undefined ? undefined : utf8.encode(text)
    },
  }
}
