/** Places of a segment: 32 KiB. */
const places = 4096
const mostUsed = 0.8 * places

/** The hashes that begin with the same bits. */
interface Segment {
  /** Two words a place; both zero means free. */
  readonly words: Uint32Array
  used: number
  /** How many bits. */
  depth: number
}

const emptySegment = (depth: number): Segment => ({ words: new Uint32Array(2 * places), used: 0, depth })

/**
 * Remembers texts by a hash of 64 bits, about 14 bytes a text, so that the exact duplicates of millions can be counted.
 * Two different texts among five million are taken for one with a probability of one in a million.
 *
 * A segment that is full is split in two (extendible hashing: Fagin et al., "Extendible Hashing – A Fast Access Method for
 * Dynamic Files", 1979): nothing large is ever copied, or left behind as garbage that is collected late.
 */
export class TextSet {
  /** By the first bits of a hash; several entries share a segment that was split less often. */
  #directory: Segment[] = [emptySegment(0)]
  /** How many bits. */
  #depth = 0
  #size = 0
  #high = 0
  #low = 0

  get size(): number {
    return this.#size
  }

  /** False when the text was there before. */
  add(text: string): boolean {
    this.#hash(text)
    for (;;) {
      const segment = this.#directory[firstBits(this.#high, this.#depth)]!
      const at = placeOf(segment, this.#high, this.#low)
      if (at === undefined) return false
      if (segment.used < mostUsed) {
        put(segment, at, this.#high, this.#low)
        this.#size++
        return true
      }
      this.#split(segment)
    }
  }

  #split(segment: Segment): void {
    if (segment.depth === this.#depth) {
      this.#directory = this.#directory.flatMap((each) => [each, each])
      this.#depth++
    }
    const old = segment.words.slice()
    segment.words.fill(0)
    segment.used = 0
    segment.depth++
    const other = emptySegment(segment.depth)
    for (let at = 0; at < old.length; at += 2) {
      const [high, low] = [old[at]!, old[at + 1]!]
      if (high === 0 && low === 0) continue
      const target = isSecond(firstBits(high, segment.depth)) ? other : segment
      put(target, placeOf(target, high, low)!, high, low)
    }
    const more = this.#depth - segment.depth
    this.#directory.forEach((each, entry) => {
      if (each === segment && isSecond(entry >>> more)) this.#directory[entry] = other
    })
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

const firstBits = (word: number, count: number): number => (count === 0 ? 0 : word >>> (32 - count))
const isSecond = (bits: number): boolean => (bits & 1) === 1

/** Where a hash is to be put; undefined when it is there. */
function placeOf({ words }: Segment, high: number, low: number): number | undefined {
  for (let place = low & (places - 1); ; place = (place + 1) & (places - 1)) {
    const [first, second] = [words[2 * place]!, words[2 * place + 1]!]
    if (first === 0 && second === 0) return place
    if (first === high && second === low) return undefined
  }
}

function put(segment: Segment, place: number, high: number, low: number): void {
  segment.words[2 * place] = high
  segment.words[2 * place + 1] = low
  segment.used++
}
