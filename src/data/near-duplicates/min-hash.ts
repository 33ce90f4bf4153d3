import { mixHash } from '../../lib/mix-hash.ts'

/** How signatures are cut into bands: a pair that agrees in a whole band is looked at. */
export interface BandPlan {
  readonly bands: number
  /** Hash functions in one band. */
  readonly rows: number
}

/**
 * The most selective bands that still find pairs at the threshold: with `r` rows, a pair of similarity `s` is missed with
 * probability `(1 - s^r)^bands` (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4.2).
 *
 * @param missed highest probability of missing a pair that is exactly at the threshold
 * @param most bands there is room for; exceeded where even one row a band would miss more
 */
export function planBands(threshold: number, missed: number, most: number): BandPlan {
  const bandsFor = (rows: number): number =>
    threshold >= 1 ? 1 : Math.ceil(Math.log(missed) / Math.log1p(-(threshold ** rows)))
  let rows = threshold >= 1 ? 4 : 8
  while (rows > 1 && bandsFor(rows) > most) rows--
  return { rows, bands: bandsFor(rows) }
}

/** Hash functions of the sketch, two bits of each. */
const sketchHashes = 32

/**
 * MinHash (Broder, "On the resemblance and containment of documents", 1997): for each hash function the smallest value over
 * a text's shingles; two texts agree in one with the probability of their Jaccard similarity. Of the values, a key for
 * each band is kept, and a sketch of two bits for each of the first 32 (b-bit minwise hashing: Li and König, 2010). Those of a band
 * that two texts share agree in any case, so that the sketch passes a few more pairs than one of other functions, never less.
 */
export class MinHash {
  readonly #plan: BandPlan
  readonly #factors: Int32Array
  readonly #offsets: Int32Array
  readonly #smallest: Int32Array
  /** One key a band of the last text. */
  readonly keys: Uint32Array
  sketchLow = 0
  sketchHigh = 0

  constructor(plan: BandPlan) {
    this.#plan = plan
    const hashes = Math.ceil(Math.max(plan.bands * plan.rows, sketchHashes) / 4) * 4
    this.#factors = Int32Array.from({ length: hashes }, (_, at) => mixHash(2 * at + 1) | 1)
    this.#offsets = Int32Array.from({ length: hashes }, (_, at) => mixHash(2 * at + 2) | 0)
    this.#smallest = new Int32Array(hashes)
    this.keys = new Uint32Array(plan.bands)
  }

  /** @param count number of shingles, at least 1; repeated ones do no harm */
  read(shingles: Int32Array, count: number): void {
    const factors = this.#factors
    const offsets = this.#offsets
    const smallest = this.#smallest
    // Four at once: each shingle is loaded once for four functions.
    for (let hash = 0; hash < factors.length; hash += 4) {
      const f0 = factors[hash]!
      const f1 = factors[hash + 1]!
      const f2 = factors[hash + 2]!
      const f3 = factors[hash + 3]!
      const o0 = offsets[hash]!
      const o1 = offsets[hash + 1]!
      const o2 = offsets[hash + 2]!
      const o3 = offsets[hash + 3]!
      let least0 = 0x7fffffff
      let least1 = 0x7fffffff
      let least2 = 0x7fffffff
      let least3 = 0x7fffffff
      for (let at = 0; at < count; at++) {
        const shingle = shingles[at]!
        const value0 = (Math.imul(shingle, f0) + o0) | 0
        if (value0 < least0) least0 = value0
        const value1 = (Math.imul(shingle, f1) + o1) | 0
        if (value1 < least1) least1 = value1
        const value2 = (Math.imul(shingle, f2) + o2) | 0
        if (value2 < least2) least2 = value2
        const value3 = (Math.imul(shingle, f3) + o3) | 0
        if (value3 < least3) least3 = value3
      }
      smallest[hash] = least0
      smallest[hash + 1] = least1
      smallest[hash + 2] = least2
      smallest[hash + 3] = least3
    }
    const { bands, rows } = this.#plan
    for (let band = 0; band < bands; band++) {
      let key = band
      for (let row = 0; row < rows; row++) key = mixHash(Math.imul(key, 31) + smallest[band * rows + row]!)
      this.keys[band] = key
    }
    this.sketchLow = this.#bits(0)
    this.sketchHigh = this.#bits(sketchHashes / 2)
  }

  #bits(from: number): number {
    let bits = 0
    // The low bits of a smallest value follow those of its shingle; mixed, they are as good as any.
    for (let hash = 0; hash < sketchHashes / 2; hash++) {
      bits = (bits << 2) | (mixHash(this.#smallest[from + hash]!) & 3)
    }
    return bits >>> 0
  }
}

/** In how many of 32 places two sketches agree. */
export function sketchAgreement(lowA: number, highA: number, lowB: number, highB: number): number {
  return sketchHashes - differingPairs(lowA ^ lowB) - differingPairs(highA ^ highB)
}

/** Number of bit pairs that are not zero. */
function differingPairs(bits: number): number {
  let pairs = (bits | (bits >>> 1)) & 0x55555555
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  pairs = (pairs + (pairs >>> 4)) & 0x0f0f0f0f
  return Math.imul(pairs, 0x01010101) >>> 24
}

/**
 * Agreement below which a pair is not compared: four standard deviations under what a pair at the threshold has. Places
 * agree with probability `s + (1 - s) / 4`.
 */
export function leastAgreement(threshold: number): number {
  const chance = threshold + (1 - threshold) / 4
  const deviation = Math.sqrt(sketchHashes * chance * (1 - chance))
  return Math.floor(sketchHashes * chance - 4 * deviation)
}
