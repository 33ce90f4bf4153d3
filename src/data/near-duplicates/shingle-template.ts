import type { Shingler, Shingles } from './shingler.ts'

/** With fewer different texts than this, what most of them share is not called a template. */
const fewestForTemplate = 20

/** Shingles that more than half of the different texts have: a template, which says nothing about likeness. */
export class ShingleTemplate {
  readonly #shift: number
  readonly #counts: Uint32Array
  /** The last text that was counted in each counter, and one: a shingle counts once a text. */
  readonly #last: Uint32Array
  #common: Uint8Array | undefined
  /** Number of counters that are common; known once settled. */
  size = 0

  /** @param texts about how many there will be */
  constructor(texts: number) {
    // Counters are shared by a few shingles each: a rare one would need thousands of chance neighbours to look common.
    this.#shift = texts < 50_000 ? 15 : 12
    this.#counts = new Uint32Array(2 ** (32 - this.#shift))
    this.#last = new Uint32Array(this.#counts.length)
  }

  count({ shingles, count }: Shingles, text: number): void {
    for (let at = 0; at < count; at++) {
      const counter = shingles[at]! >>> this.#shift
      if (this.#last[counter] === text + 1) continue
      this.#last[counter] = text + 1
      this.#counts[counter]!++
    }
  }

  settle(texts: number): void {
    if (texts < fewestForTemplate) return
    for (let counter = 0; counter < this.#counts.length; counter++) {
      if (this.#counts[counter]! <= texts / 2) continue
      this.#common ??= new Uint8Array(this.#counts.length)
      this.#common[counter] = 1
      this.size++
    }
  }

  /**
   * Moves the shingles that count to the front and returns their number. A text that is nothing but template keeps all:
   * two such texts are not alike for having nothing left.
   */
  strip({ shingles, count }: Shingles): number {
    const common = this.#common
    if (common === undefined) return count
    let kept = 0
    for (let at = 0; at < count; at++) if (common[shingles[at]! >>> this.#shift] === 0) kept++
    if (kept === 0 || kept === count) return count
    let to = 0
    for (let at = 0; at < count; at++) {
      const shingle = shingles[at]!
      if (common[shingle >>> this.#shift] === 0) shingles[to++] = shingle
    }
    return kept
  }

  /** The set of the text's shingles that count, sorted. */
  setOf(shingler: Shingler): Uint32Array {
    return shingler.set(this.strip(shingler))
  }
}
