/** Places of a segment: 48 KiB. */
const places = 4096
const mostUsed = 0.8 * places

/** The hashes that begin with the same bits. */
interface Segment {
  /** Three words a place: the hash, both of whose words are zero where it is free, and the mark. */
  readonly words: Uint32Array
  used: number
  /** How many bits. */
  depth: number
}

const emptySegment = (depth: number): Segment => ({ words: new Uint32Array(3 * places), used: 0, depth })

/**
 * Remembers texts by a hash of 64 bits, about 20 bytes a text, so that the exact duplicates of millions can be counted.
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

  /**
   * @param mark an unsigned number of 32 bits that is kept with a text that is new
   * @returns the mark of a text that was there before, undefined for a new one
   */
  add(text: string, mark = 0): number | undefined {
    this.#hash(text)
    for (;;) {
      const segment = this.#directory[firstBits(this.#high, this.#depth)]!
      const { words } = segment
      const at = placeOf(words, this.#high, this.#low)
      if (!isFree(words, at)) return words[at + 2]
      if (segment.used < mostUsed) {
        put(segment, at, this.#high, this.#low, mark)
        this.#size++
        return undefined
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
    for (let at = 0; at < old.length; at += 3) {
      if (isFree(old, at)) continue
      const [high, low, mark] = [old[at]!, old[at + 1]!, old[at + 2]!]
      const target = isSecond(firstBits(high, segment.depth)) ? other : segment
      put(target, placeOf(target.words, high, low), high, low, mark)
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

const isFree = (words: Uint32Array, at: number): boolean => words[at] === 0 && words[at + 1] === 0

/** Where a hash stands, or is to be put. */
function placeOf(words: Uint32Array, high: number, low: number): number {
  for (let place = low & (places - 1); ; place = (place + 1) & (places - 1)) {
    const at = 3 * place
    if (isFree(words, at) || (words[at] === high && words[at + 1] === low)) return at
  }
}

function put(segment: Segment, at: number, high: number, low: number, mark: number): void {
  const { words } = segment
  words[at] = high
  words[at + 1] = low
  words[at + 2] = mark
  segment.used++
}
