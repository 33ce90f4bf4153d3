import { HoneError } from '../../core/errors.ts'
import { mixHash } from '../../lib/mix-hash.ts'
import { characterKind, kindOfCharacter } from './character-kinds.ts'

/** What texts are cut into for the comparison: runs of so many words, or of so many characters. */
export interface ShingleForm {
  readonly of: 'words' | 'characters'
  readonly size: number
}

export const defaultShingles: ShingleForm = { of: 'words', size: 3 }

/** The shingles of a text, repeated ones included. */
export interface Shingles {
  /** As 32-bit hashes; there may be more numbers than `count`, which mean nothing. */
  readonly shingles: Int32Array
  readonly count: number
}

/** @throws HoneError `E_CONFIG` for a form that cannot be computed */
function checkShingleForm(form: ShingleForm): ShingleForm {
  if (Number.isSafeInteger(form.size) && form.size >= 1 && form.size <= 64) return form
  throw new HoneError('E_CONFIG', `shingles are of 1 to 64 ${form.of}, not ${form.size}`)
}

const space = 0x20

/**
 * Cuts texts into shingles, one text after another, in buffers that are used again.
 *
 * Words are runs of letters, marks and digits; each character of a script that puts no spaces between words is one. Case and
 * compatibility forms are folded (NFKC), and what stands between words does not count. A text shorter than a shingle is one
 * shingle; a text without words has none.
 */
export class Shingler implements Shingles {
  readonly #form: ShingleForm
  /** Hash of each word. */
  #words = new Int32Array(256)
  /** The words with one space between them, as UTF-16 units. */
  #units = new Uint16Array(2048)
  #shingles = new Int32Array(256)
  #length = 0
  /** Words of the last text. */
  words = 0
  /** Shingles of the last text, repeated ones included. */
  count = 0
  /** 64 bits that name the last text as it is compared: its words, or without any its trimmed characters. */
  low = 0
  high = 0

  constructor(form: ShingleForm) {
    this.#form = checkShingleForm(form)
  }

  /** The shingles of the last text as 32-bit hashes; valid until the next `read`. */
  get shingles(): Int32Array {
    return this.#shingles
  }

  /** True where the last text was compared as a whole, because it is no longer than one shingle. */
  get isShort(): boolean {
    return this.#form.of === 'words' ? this.words <= this.#form.size : this.#length <= this.#form.size
  }

  read(text: string): void {
    this.#readWords(folded(text))
    if (this.words === 0) {
      this.count = 0
      this.#nameByCharacters(text.trim())
    } else if (this.#form.of === 'words') this.#shingleWords()
    else this.#shingleCharacters()
  }

  #readWords(text: string): void {
    const end = text.length
    const keepsUnits = this.#form.of === 'characters'
    if (keepsUnits && this.#units.length < 2 * end + 2) this.#units = new Uint16Array(4 * end)
    if (this.#words.length < end + 1) this.#words = new Int32Array(2 * end)
    const { separator, unspaced, mark, word } = characterKind
    // Fields are slower than variables in a loop over characters.
    const hashes = this.#words
    const units = this.#units
    let words = 0
    let length = 0
    let low = 0
    let high = 0
    let first = fnvOffset
    let second = 0
    // What the last character was: a word goes on with letters and marks, a character of its own with marks only.
    let open = separator as number
    for (let at = 0; at < end; at++) {
      const unit = text.charCodeAt(at)
      const isPair = (unit & 0xfc00) === 0xd800 && at + 1 < end
      const kind = kindOfCharacter(isPair ? text.codePointAt(at)! : unit)
      const goesOn = open !== separator && (kind === mark || (kind === word && open !== unspaced))
      if (!goesOn) {
        if (open !== separator) {
          hashes[words++] = first
          low = mixHash(Math.imul(low, 31) + first)
          high = mixHash(Math.imul(high, 37) + second)
        }
        first = fnvOffset
        second = 0
        if (kind === separator) {
          open = separator
          continue
        }
        open = kind === unspaced ? unspaced : word
        if (keepsUnits && length > 0) units[length++] = space
      }
      for (let more = isPair ? 2 : 1; more > 0; more--) {
        const each = more === 2 ? unit : text.charCodeAt(isPair ? ++at : at)
        first = Math.imul(first ^ each, fnvPrime)
        second = Math.imul(((second << 5) | (second >>> 27)) ^ each, 0x27d4eb2d)
        if (keepsUnits) units[length++] = each
      }
    }
    if (open !== separator) {
      hashes[words++] = first
      low = mixHash(Math.imul(low, 31) + first)
      high = mixHash(Math.imul(high, 37) + second)
    }
    this.words = words
    this.#length = length
    this.low = low
    this.high = high
  }

  /** Without words, what is there counts; such a text never has the name of one with words. */
  #nameByCharacters(text: string): void {
    let low = 1
    let high = 0x9e3779b9
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      low = mixHash(Math.imul(low, 33) + unit)
      high = Math.imul(((high << 5) | (high >>> 27)) ^ unit, 0x27d4eb2d)
    }
    this.low = mixHash(low ^ 0x5bd1e995)
    this.high = mixHash(high)
  }

  #shingleWords(): void {
    const words = this.#words
    const size = Math.min(this.#form.size, this.words)
    const count = this.words - size + 1
    const shingles = this.#room(count)
    for (let at = 0; at < count; at++) {
      let mixed = 0
      for (let word = at; word < at + size; word++) mixed = mixHash(Math.imul(mixed, 31) + words[word]!)
      shingles[at] = mixed
    }
    this.count = count
  }

  #shingleCharacters(): void {
    const units = this.#units
    const size = Math.min(this.#form.size, this.#length)
    const count = this.#length - size + 1
    const shingles = this.#room(count)
    for (let at = 0; at < count; at++) {
      let hash = fnvOffset
      for (let unit = at; unit < at + size; unit++) hash = Math.imul(hash ^ units[unit]!, fnvPrime)
      shingles[at] = mixHash(hash)
    }
    this.count = count
  }

  #room(count: number): Int32Array {
    if (this.#shingles.length < count) this.#shingles = new Int32Array(2 * count)
    return this.#shingles
  }

  /** The last text's first `count` shingles as a set: sorted, each once. */
  set(count: number = this.count): Uint32Array {
    const set = new Uint32Array(this.#shingles.subarray(0, count)).toSorted()
    let kept = 0
    for (const shingle of set) if (kept === 0 || shingle !== set[kept - 1]) set[kept++] = shingle
    return set.subarray(0, kept)
  }
}

/** FNV-1a, 32 bits, over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/). */
const fnvOffset = 0x811c9dc5 | 0
const fnvPrime = 0x01000193

/** Case and compatibility forms folded; plain ASCII, which is most text, is not normalised. */
function folded(text: string): string {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 0x7f) return text.normalize('NFKC').toLowerCase()
  }
  return text.toLowerCase()
}

/** Size of the intersection over size of the union of two sorted sets; two empty sets are equal. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const first = a[i]!
    const second = b[j]!
    if (first === second) shared++
    if (first <= second) i++
    if (second <= first) j++
  }
  const union = a.length + b.length - shared
  return union === 0 ? 1 : shared / union
}
