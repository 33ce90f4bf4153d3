import type { Tokenizer } from '../../text/tokenizer.ts'

const firstLetter = 0x4e00

/** One letter a token: enough to see which tokens a text was made of. */
export const lettersOf = (ids: readonly number[]): string =>
  ids.map((id) => String.fromCodePoint(firstLetter + id)).join('')

const idsOf = (text: string): number[] =>
  Array.from(text, (letter) => (letter.codePointAt(0) ?? 0) - firstLetter)

export function createLetterTokenizer(vocabularySize: number): Tokenizer {
  return {
    vocabularySize,
    addedTokens: [],
    specialTokens: new Map(),
    names: { bos: undefined, eos: undefined, pad: undefined, unknown: undefined },
    beginningOfSequence: undefined,
    endOfSequence: undefined,
    encode: idsOf,
    encodePieces: (pieces) => pieces.map((piece) => (typeof piece === 'string' ? idsOf(piece) : [piece])),
    decode: lettersOf,
    streamDecoder: () => ({ push: (id) => lettersOf([id]), end: () => '' }),
    answerBytes: () => ({ of: (id) => new TextEncoder().encode(lettersOf([id])), leavesOutSpace: false }),
    droppedCharacters: () => [],
  }
}
