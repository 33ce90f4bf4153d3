/** What a character is for the comparison of texts. */
export const characterKind = { separator: 0, word: 1, unspaced: 2, mark: 3 } as const

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const mark = /\p{M}/u
const word = /[\p{L}\p{N}]/u
const unknown = 255

const ofPlane = new Uint8Array(0x10000).fill(unknown)
const beyond = new Map<number, number>()

/** The kind of a code point. Regular expressions are asked once for each that occurs. */
export function kindOfCharacter(codePoint: number): number {
  if (codePoint < 0x10000) {
    const known = ofPlane[codePoint]!
    if (known !== unknown) return known
    return (ofPlane[codePoint] = classify(codePoint))
  }
  const known = beyond.get(codePoint)
  if (known !== undefined) return known
  const kind = classify(codePoint)
  beyond.set(codePoint, kind)
  return kind
}

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint)
  // Marks come first: those of Thai stand with the letter before them.
  if (mark.test(character)) return characterKind.mark
  if (unspaced.test(character)) return characterKind.unspaced
  return word.test(character) ? characterKind.word : characterKind.separator
}
