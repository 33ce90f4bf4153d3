/**
 * Remembers texts by a hash of 64 bits, 12 to 24 bytes a text, so that the exact duplicates of millions can be counted.
 * Two different texts among five million are taken for one with a probability of one in a million.
 */
export class TextSet {
  /** Two words a place; both zero means free. */
  #places = new Uint32Array(2 * 1024)
  #mask = 1023
  #size = 0
  #high = 0
  #low = 0

  get size(): number {
    return this.#size
  }

  /** False when the text was there before. */
  add(text: string): boolean {
    this.#hash(text)
    if (!this.#insert(this.#high, this.#low)) return false
    this.#size++
    if (this.#size > 0.7 * (this.#mask + 1)) this.#grow()
    return true
  }

  #insert(high: number, low: number): boolean {
    const places = this.#places
    let place = low & this.#mask
    for (;;) {
      const [first = 0, second = 0] = [places[2 * place], places[2 * place + 1]]
      if (first === 0 && second === 0) {
        places[2 * place] = high
        places[2 * place + 1] = low
        return true
      }
      if (first === high && second === low) return false
      place = (place + 1) & this.#mask
    }
  }

  #grow(): void {
    const old = this.#places
    this.#places = new Uint32Array(2 * old.length)
    this.#mask = 2 * this.#mask + 1
    for (let place = 0; place < old.length; place += 2) {
      const [high = 0, low = 0] = [old[place], old[place + 1]]
      if (high !== 0 || low !== 0) this.#insert(high, low)
    }
  }

  // Two multiplicative hashes side by side, each finished as MurmurHash3 does (fmix32).
  #hash(text: string): void {
    let high = 0x9e3779b9
    let low = 0x243f6a88 ^ text.length
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      high = Math.imul(high ^ code, 0x85ebca6b)
      high = (high << 13) | (high >>> 19)
      low = Math.imul(low ^ code, 0xc2b2ae35)
      low = (low << 15) | (low >>> 17)
    }
    this.#high = finish(high ^ low)
    this.#low = finish(low + Math.imul(high, 5))
    if (this.#high === 0 && this.#low === 0) this.#low = 1
  }
}

function finish(word: number): number {
  let mixed = word ^ (word >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
