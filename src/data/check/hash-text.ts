/** Shorter texts are read character by character: a call of the runtime takes as long. */
const shortText = 32

/**
 * Hashes texts one after another into two lanes of 32 bits. Mixing follows MurmurHash3
 * (https://github.com/aappleby/smhasher). The result is good for one process on one machine only.
 */
export class TextHash {
  high = 0
  low = 0
  #bytes = Buffer.alloc(64 * 2 ** 10)
  #words = wordsOf(this.#bytes)

  reset(): void {
    this.high = 0x2c6ef372
    this.low = 0x3c6ef372
  }

  /** @returns false where white space stands in the text as single spaces between words only */
  add(text: string): boolean {
    let { high, low } = this
    let isSpaced = text.charCodeAt(text.length - 1) === 0x20
    if (text.length <= shortText) {
      let before = 0x20
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at)
        if ((code <= 0x20 && (code < 0x20 || before === 0x20)) || code > 0x7f) isSpaced = true
        before = code
        high = Math.imul(high ^ code, 0x01000193)
        low = Math.imul(low ^ code, 0x85ebca77) ^ (low >>> 15)
      }
    } else {
      if (3 * text.length + 8 > this.#bytes.length) {
        this.#bytes = Buffer.alloc(8 * text.length)
        this.#words = wordsOf(this.#bytes)
      }
      // Copied by the runtime and read eight bytes at a time: three times as fast as reading characters.
      const length = this.#bytes.write(text, 0, 'utf8')
      for (let at = length; at < length + 8; at++) this.#bytes[at] = filler
      const words = this.#words
      const count = (length + 7) >>> 3
      let unusual = 0
      let neighbours = 0
      let spacesBefore = 0x80000000
      for (let at = 0; at < 2 * count; at += 2) {
        const first = words[at] ?? 0
        const second = words[at + 1] ?? 0
        unusual |= first | (~first & (first - 0x20202020)) | second | (~second & (second - 0x20202020))
        const spaces = spacesIn(first)
        const spacesAfter = spacesIn(second)
        neighbours |= spaces & ((spaces << 8) | (spacesBefore >>> 24))
        neighbours |= spacesAfter & ((spacesAfter << 8) | (spaces >>> 24))
        spacesBefore = spacesAfter
        high = Math.imul(high ^ first, 0x9e3779b1)
        low = Math.imul(low ^ second, 0x85ebca77)
        // Each lane takes from the other, so that texts which differ in one word differ in 64 bits.
        high ^= (high >>> 15) ^ low
        low ^= (low >>> 13) ^ high
      }
      if ((unusual & eachByte) !== 0 || neighbours !== 0) isSpaced = true
    }
    this.high = finish(high ^ low ^ text.length)
    this.low = finish(low ^ Math.imul(this.high, 0x9e3779b1))
    return isSpaced
  }
}

/** The highest bit of each byte of a word: set by bytes beyond ASCII, and in differences by those below a limit. */
const eachByte = 0x80808080
/** What the last bytes are filled up with: no white space. */
const filler = 0x30

/** The highest bit of each byte that is a space, where all bytes are ASCII. The lowest byte of a word comes first in the text. */
const spacesIn = (word: number): number => ~((word ^ 0x20202020) + 0x7f7f7f7f) & eachByte

const wordsOf = (bytes: Buffer): Int32Array =>
  new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2)

function finish(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) | 0
}
