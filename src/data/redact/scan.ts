import { endianness } from 'node:os'
import { tokenFlag } from './detector.ts'

const separator = 0
const letter = 1
const digit = 2
const at = 3
const colon = 4
const other = 5

/** What each character of the basic plane is; quotes, brackets, comma, semicolon and white space end a token. */
const classes = Uint8Array.from({ length: 65_536 }, (_, code) => {
  if (code >= 128) return classAboveAscii(code)
  const character = String.fromCharCode(code)
  if (/[a-z]/i.test(character)) return letter
  if (/\d/.test(character)) return digit
  if (character === '@') return at
  if (character === ':') return colon
  return code < 33 || code === 127 || /["'`()<>[\]{},;|\\]/.test(character) ? separator : other
})

/** Above ASCII: general punctuation, no-break and ideographic spaces end a token, the rest counts as letters. */
function classAboveAscii(code: number): number {
  if (code === 0xa0 || code === 0xab || code === 0xbb || code === 0xbf || code === 0xa1) return separator
  if (code >= 0x2000 && code <= 0x206f) return code >= 0x2010 && code <= 0x2012 ? other : separator
  return code >= 0x3000 && code <= 0x303f ? separator : letter
}

const flagOfClass = Uint8Array.of(0, tokenFlag.letter, tokenFlag.digit, tokenFlag.at, tokenFlag.colon, 0)
const interesting = tokenFlag.at | tokenFlag.digit | tokenFlag.long | tokenFlag.scheme
const longToken = 20
const slash = 47
const isBigEndian = endianness() === 'BE'

const tableBits = 16
/** Below so many characters, one call to copy them costs more than it spares. */
const shortText = 32

/**
 * The one pass over a text that decides where detectors look: runs without a space that hold a digit, an `@`, a `://` or
 * twenty characters, and words of a given list. Its arrays are used again for each text.
 */
export class Scan {
  readonly #words: ReadonlySet<string>
  /** Which words may be of the list, by their length, first two and last letters: nearly all others are told by it. */
  readonly #table = new Uint8Array(1 << tableBits)
  // Characters are read several times as fast from an array of numbers as from a string.
  #codes = new Uint16Array(4096)
  #bytes = Buffer.from(this.#codes.buffer)
  /** Start, end and flags of each token. */
  tokens: Int32Array<ArrayBuffer> = new Int32Array(48)
  /** Numbers in `tokens` that count. */
  tokensEnd = 0
  /** Start and end of each word of the list. */
  words: Int32Array<ArrayBuffer> = new Int32Array(32)
  wordsEnd = 0

  constructor(words: Iterable<string>) {
    this.#words = new Set(words)
    for (const word of this.#words) {
      for (const written of [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]) {
        this.#load(written)
        this.#table[slot(this.#codes, 0, written.length)] = 1
      }
    }
  }

  /** @returns whether there is anything to look at. */
  read(text: string): boolean {
    this.tokensEnd = 0
    this.wordsEnd = 0
    this.#load(text)
    const codes = this.#codes
    const table = this.#table
    const { length } = text
    let tokenStart = -1
    let wordStart = -1
    let flags = 0
    for (let index = 0; index < length; index++) {
      const kind = classes[codes[index]!]!
      if (kind === letter) {
        if (wordStart < 0) {
          wordStart = index
          if (tokenStart < 0) tokenStart = index
        }
        continue
      }
      if (wordStart >= 0) {
        if (table[slot(codes, wordStart, index)] === 1) this.#takeWord(text, wordStart, index)
        flags |= tokenFlag.letter
        wordStart = -1
      }
      if (kind === separator) {
        if (tokenStart >= 0) this.#takeToken(tokenStart, index, flags)
        tokenStart = -1
        flags = 0
        continue
      }
      if (tokenStart < 0) tokenStart = index
      flags |= flagOfClass[kind]!
      if (kind === colon && codes[index + 1] === slash && codes[index + 2] === slash)
        flags |= tokenFlag.scheme
    }
    if (wordStart >= 0) {
      if (table[slot(codes, wordStart, length)] === 1) this.#takeWord(text, wordStart, length)
      flags |= tokenFlag.letter
    }
    if (tokenStart >= 0) this.#takeToken(tokenStart, length, flags)
    return this.tokensEnd > 0 || this.wordsEnd > 0
  }

  #load(text: string): void {
    const { length } = text
    if (length >= this.#codes.length) {
      this.#codes = new Uint16Array(2 * length)
      this.#bytes = Buffer.from(this.#codes.buffer)
    }
    if (length < shortText || isBigEndian) {
      for (let index = 0; index < length; index++) this.#codes[index] = text.charCodeAt(index)
    } else this.#bytes.write(text, 'utf16le')
    // What stands after a colon at the end is not of this text.
    this.#codes[length] = 0
  }

  #takeToken(start: number, end: number, flags: number): void {
    const all = end - start >= longToken ? flags | tokenFlag.long : flags
    if ((all & interesting) === 0) return
    if (this.tokensEnd + 3 > this.tokens.length) this.tokens = grown(this.tokens)
    this.tokens[this.tokensEnd++] = start
    this.tokens[this.tokensEnd++] = end
    this.tokens[this.tokensEnd++] = all
  }

  #takeWord(text: string, start: number, end: number): void {
    if (!this.#words.has(text.slice(start, end).toLowerCase())) return
    if (this.wordsEnd + 2 > this.words.length) this.words = grown(this.words)
    this.words[this.wordsEnd++] = start
    this.words[this.wordsEnd++] = end
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length)
  larger.set(array)
  return larger
}

/** Case of ASCII and Latin-1 letters does not count. */
function slot(codes: Uint16Array, start: number, end: number): number {
  const first = codes[start]! | 0x20
  const second = end - start > 1 ? codes[start + 1]! | 0x20 : 0
  const last = codes[end - 1]! | 0x20
  const mixed = Math.imul((first << 16) ^ (second << 8) ^ last ^ ((end - start) << 24), 0x9e3779b1)
  return mixed >>> (32 - tableBits)
}
