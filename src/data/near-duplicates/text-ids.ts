import { GrowingUint32 } from '../../lib/growing-array.ts'

/** Texts of a block, whose words of 32 bits are counted one by one. */
const blockTexts = 512

/**
 * The number of the different text that each of many texts is. Different texts are numbered in the order of their first occurrence, so that
 * a bit says all about each that is the first of its kind; of the others the number is kept.
 */
export class TextIds {
  #firsts: Uint32Array
  /** Different texts before each block. */
  readonly #before = new GrowingUint32()
  readonly #copies = new GrowingUint32()
  #length = 0
  #distinct = 0

  /** @param capacity texts for which there is room before anything is copied */
  constructor(capacity = 1024) {
    this.#firsts = new Uint32Array(Math.max(blockTexts, capacity) / 32 + 1)
  }

  /** Number of texts. */
  get length(): number {
    return this.#length
  }

  /** Number of different texts. */
  get distinct(): number {
    return this.#distinct
  }

  /** @param id of the next text: of one before it, or `distinct` for a new one @returns true for a new one */
  push(id: number): boolean {
    const text = this.#length++
    if (text % blockTexts === 0) this.#before.push(this.#distinct)
    if (id !== this.#distinct) {
      this.#copies.push(id)
      return false
    }
    this.#distinct++
    const word = text >>> 5
    if (word >= this.#firsts.length) {
      const larger = new Uint32Array(Math.ceil(word * 1.5) + 1)
      larger.set(this.#firsts)
      this.#firsts = larger
    }
    this.#firsts[word]! |= 1 << (text & 31)
    return true
  }

  /** Whether a text is the first of its kind. */
  isFirst(text: number): boolean {
    return (this.#firsts[text >>> 5]! & (1 << (text & 31))) !== 0
  }

  /** The number of the text's kind. */
  at(text: number): number {
    const word = text >>> 5
    let firsts = this.#before.at(Math.floor(text / blockTexts))
    for (let at = word - (word % (blockTexts / 32)); at < word; at++) firsts += bitsIn(this.#firsts[at]!)
    firsts += bitsIn(this.#firsts[word]! & ((1 << (text & 31)) - 1))
    return this.isFirst(text) ? firsts : this.#copies.at(text - firsts)
  }
}

/** Number of bits that are set. */
function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
