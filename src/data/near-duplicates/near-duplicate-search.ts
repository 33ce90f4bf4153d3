import { HoneError } from '../../core/errors.ts'
import { GrowingUint32 } from '../../lib/growing-array.ts'
import { HashIndex } from '../../lib/hash-index.ts'
import { UnionFind } from './union-find.ts'
import { BandColumns } from './band-columns.ts'
import { leastAgreement, MinHash, planBands, sketchAgreement, type BandPlan } from './min-hash.ts'
import { NumberTape } from './number-tape.ts'
import { ShingleStore } from './shingle-store.ts'
import { defaultShingles, jaccard, Shingler, type ShingleForm, type Shingles } from './shingler.ts'
import { ShingleTemplate } from './shingle-template.ts'
import { TextIds } from './text-ids.ts'

/** Two texts are near-duplicates when this share of their 3-word shingles is common to both. */
export const defaultThreshold = 0.8

export interface NearDuplicateSearchOptions {
  /** Jaccard similarity from which two texts belong together, in (0, 1]. Default 0.8. */
  readonly threshold?: number
  /** Default: runs of three words. */
  readonly shingles?: ShingleForm
  /** Number of texts where it is known: nothing has to be copied then. */
  readonly capacity?: number
  /** With more different texts than this, the keys of bands go to a temporary file. Default 1,000,000. */
  readonly manyTexts?: number
  /** Memory for the sets of texts that are compared, in MB; more goes to a temporary file. Default 16. */
  readonly megabytes?: number
  /**
   * MB of each of two temporary files: with more than one holds of what the second pass needs, the texts are read again; with more
   * pairs than the other holds, they are looked for again. Default 1,024.
   */
  readonly tapeMegabytes?: number
}

/**
 * In one bucket, a text is held against this many others at most, and compared with so many whose sketches are like its own,
 * so that work grows linearly with the texts.
 */
const seenInBucket = 1024
const comparedInBucket = 256

const flag = { anchored: 1, worded: 2, candidate: 4, copied: 8 } as const

/**
 * Finds texts that are equal, or equal but for a few words, among millions. All texts are given three times in the same
 * order (read anew, so that none is held): to `learn`, then to `sketch`, then to `gather`; then `link` says what belongs
 * together. Where `sketchKept` could do without the texts, the second time is left out. About 21 bytes are kept for each different
 * text; what is read in order only goes to temporary files.
 *
 * Texts with the same words are equal (or, without words, with the same characters). Others are alike when the Jaccard
 * similarity of their sets of shingles, computed exactly, is at least the threshold; MinHash with banding chooses the pairs
 * that are compared. Up to a million texts a pair at the threshold is missed with probability 0.0001, above with 0.001.
 *
 * Shingles that more than half of the different texts have (an instruction that every record repeats) are their template
 * and do not count; otherwise long instructions would make all records alike.
 */
export class NearDuplicateSearch implements Disposable {
  readonly threshold: number
  readonly #shingler: Shingler
  readonly #capacity: number
  readonly #manyTexts: number
  readonly #template: ShingleTemplate
  readonly #ids: TextIds
  #index: HashIndex | undefined
  #flags: Uint8Array
  #row = 0
  #next = 0
  #plan: BandPlan = { bands: 0, rows: 0 }
  #minHash: MinHash | undefined
  #columns: BandColumns | undefined
  /** Of each different text. */
  #sketchLow: Uint32Array = new Uint32Array(0)
  #sketchHigh: Uint32Array = new Uint32Array(0)
  /** For buckets: more numbers than there are different texts. */
  #room: Int32Array = new Int32Array(0)
  /** Different texts whose sets are in the store, ascending. */
  readonly #candidates = new GrowingUint32()
  readonly #store: ShingleStore
  /** Shingles of the different texts with words. */
  readonly #tape: NumberTape
  /** Two different texts each, that are to be compared; some stand there several times. */
  readonly #pairs: NumberTape
  /** Texts that are no longer than a shingle, and texts without words, of the different ones. */
  readonly counts = { short: 0, wordless: 0 }

  /** @throws HoneError `E_CONFIG` for a threshold outside (0, 1] or shingles that cannot be computed */
  constructor(options: NearDuplicateSearchOptions = {}) {
    this.threshold = options.threshold ?? defaultThreshold
    if (!(this.threshold > 0 && this.threshold <= 1)) {
      throw new HoneError(
        'E_CONFIG',
        `the near-duplicate threshold must be above 0 and at most 1, not ${this.threshold}`,
      )
    }
    this.#shingler = new Shingler(options.shingles ?? defaultShingles)
    this.#capacity = options.capacity ?? 1024
    this.#template = new ShingleTemplate(this.#capacity)
    this.#ids = new TextIds(this.#capacity)
    this.#index = new HashIndex(this.#capacity)
    this.#flags = new Uint8Array(this.#capacity)
    this.#manyTexts = options.manyTexts ?? 1_000_000
    this.#store = new ShingleStore(options.megabytes)
    // Texts that must be equal are not sketched.
    const { tapeMegabytes = 1024 } = options
    this.#tape = new NumberTape(this.threshold < 1 ? tapeMegabytes : 0)
    this.#pairs = new NumberTape(tapeMegabytes)
  }

  /** Number of texts. */
  get texts(): number {
    return this.#ids.length
  }

  /** Number of different texts. */
  get distinct(): number {
    return this.#ids.distinct
  }

  /** Number of shingles that are the template. Exact after the first pass. */
  get templateShingles(): number {
    return this.#template.size
  }

  /** The different text that a text is equal to, numbered in the order of first occurrence. */
  idOf(text: number): number {
    return this.#ids.at(text)
  }

  isAnchored(id: number): boolean {
    return (this.#flags[id]! & flag.anchored) !== 0
  }

  /**
   * First pass.
   *
   * @param anchored the text is what others are compared with: two anchored texts are not compared with each other
   */
  learn(text: string, anchored = false): void {
    const shingler = this.#shingler
    shingler.read(text)
    const id = this.#index!.add(shingler.low, shingler.high)
    if (this.#ids.push(id)) {
      if (id >= this.#flags.length) this.#flags = grown(this.#flags)
      if (shingler.count > 0) {
        this.#flags[id] = flag.worded
        this.#template.count(shingler, id)
        this.#tape.add(shingler.shingles, shingler.count)
        if (shingler.isShort) this.counts.short++
      } else this.counts.wordless++
    } else this.#flags[id]! |= flag.copied
    if (anchored) this.#flags[id]! |= flag.anchored
  }

  /** Whether the second pass looks at a text; another may be given as an empty one. */
  wantsSketch(text: number): boolean {
    return this.#ids.isFirst(text)
  }

  /** Whether the third pass looks at a text; another may be given as an empty one. */
  wantsGather(text: number): boolean {
    return (this.#flags[this.#ids.at(text)]! & (flag.candidate | flag.copied)) !== 0
  }

  /** The second pass without the texts. False where there were too many to keep what it needs: then they are to be read again. */
  sketchKept(): boolean {
    if (!this.#tape.isWhole) return false
    const minHash = this.#startSketches()
    const lists = this.#tape.lists()
    for (let id = 0; id < this.distinct; id++) {
      const isWorded = (this.#flags[id]! & flag.worded) !== 0
      const shingles: Int32Array | undefined = isWorded ? lists.next().value : undefined
      this.#keepSketch(id, minHash, shingles && { shingles, count: shingles.length })
    }
    this.#tape[Symbol.dispose]()
    return true
  }

  /** Second pass: the texts again. */
  sketch(text: string): void {
    const minHash = this.#minHash ?? this.#startSketches()
    const id = this.#takeNext()
    if (id !== this.#next) return
    this.#next++
    const shingler = this.#shingler
    const isWorded = (this.#flags[id]! & flag.worded) !== 0
    if (isWorded) shingler.read(text)
    this.#keepSketch(id, minHash, isWorded ? shingler : undefined)
  }

  #keepSketch(id: number, minHash: MinHash, text: Shingles | undefined): void {
    if (text !== undefined) minHash.read(text.shingles, this.#template.strip(text))
    // A text without words has the keys of the one before it, which nobody looks at.
    this.#columns?.push(minHash.keys)
    this.#sketchLow[id] = minHash.sketchLow
    this.#sketchHigh[id] = minHash.sketchHigh
  }

  #takeNext(): number {
    if (this.#row < this.#ids.length) return this.#ids.at(this.#row++)
    throw new HoneError('E_DATA', 'the texts changed while they were read')
  }

  #startSketches(): MinHash {
    const { low, high, table } = this.#index!.release()
    this.#index = undefined
    this.#sketchLow = low
    this.#sketchHigh = high
    this.#room = table
    this.#template.settle(this.distinct)
    const isLarge = this.distinct > this.#manyTexts
    this.#plan = planBands(this.threshold, isLarge ? 0.001 : 1e-4, isLarge ? 8 : 16)
    this.#columns = new BandColumns(this.#plan.bands, this.distinct, !isLarge)
    this.#row = 0
    this.#next = 0
    return (this.#minHash = new MinHash(this.#plan))
  }

  /** Between the second and the third pass: chooses the texts that are compared. */
  choose(): void {
    if (this.#minHash === undefined) this.#startSketches()
    const flags = this.#flags
    if (this.threshold < 1) {
      const pair = new Int32Array(2)
      this.#visitPairs((a, b) => {
        flags[a]! |= flag.candidate
        flags[b]! |= flag.candidate
        pair[0] = a
        pair[1] = b
        this.#pairs.add(pair, 2)
      })
    }
    if (this.#pairs.isWhole) this.#forgetBands()
    this.#row = 0
    this.#next = 0
  }

  /** Third pass: the texts again. True for a text that has a copy or may have a like, whose place is worth keeping. */
  gather(text: string): boolean {
    const id = this.#takeNext()
    const flags = this.#flags[id]!
    if (id === this.#next) {
      this.#next++
      if ((flags & flag.candidate) !== 0) {
        const shingler = this.#shingler
        shingler.read(text)
        this.#candidates.push(id)
        this.#store.add(this.#template.setOf(shingler))
      }
    }
    return (flags & (flag.candidate | flag.copied)) !== 0
  }

  /**
   * The different texts joined by links: groups grow, so that their members need not all be alike in pairs.
   *
   * @param others further items to join with, numbered after the different texts
   */
  link(others = 0): UnionFind {
    const groups = new UnionFind(this.distinct + others)
    const visit = (a: number, b: number): void => {
      if (groups.find(a) !== groups.find(b) && this.similarity(a, b) >= this.threshold) groups.union(a, b)
    }
    if (!this.#pairs.isWhole) this.#visitPairs(visit)
    else for (const pair of this.#pairs.lists()) visit(pair[0]!, pair[1]!)
    this.#forgetBands()
    return groups
  }

  /** What follows needs memory of its own, and pairs are looked for no more. */
  #forgetBands(): void {
    this.#room = new Int32Array(0)
    this.#columns?.[Symbol.dispose]()
    this.#columns = undefined
  }

  /** Jaccard similarity of two different texts; 0 where one of them was never a candidate. */
  similarity(a: number, b: number): number {
    if (a === b) return 1
    const [first, second] = [this.#placeOf(a), this.#placeOf(b)]
    return first < 0 || second < 0 ? 0 : jaccard(this.#store.at(first), this.#store.at(second))
  }

  /** False for two texts that are certainly below the threshold, as far as their sketches tell. */
  mayBeAlike(a: number, b: number): boolean {
    const [lows, highs] = [this.#sketchLow, this.#sketchHigh]
    const agreement = sketchAgreement(lows[a]!, highs[a]!, lows[b]!, highs[b]!)
    return agreement >= leastAgreement(this.threshold)
  }

  #placeOf(id: number): number {
    const ids = this.#candidates
    let [low, high] = [0, ids.length - 1]
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = ids.at(middle)
      if (found === id) return middle
      if (found < id) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  #visitPairs(visit: (a: number, b: number) => void): void {
    const distinct = this.distinct
    if (this.#room.length < distinct) this.#room = new Int32Array(distinct)
    const flags = this.#flags
    const lows = this.#sketchLow
    const highs = this.#sketchHigh
    const least = leastAgreement(this.threshold)
    const chain = this.#room.subarray(0, distinct)
    const slots = 2 ** Math.min(22, Math.max(8, Math.ceil(Math.log2(distinct + 1))))
    const rest = this.#room.subarray(distinct)
    const heads = rest.length < slots ? new Int32Array(slots) : rest.subarray(0, slots)
    for (let band = 0; band < this.#plan.bands; band++) {
      heads.fill(-1)
      const keys = this.#columns!.column(band)
      for (let id = 0; id < distinct; id++) {
        const flagsOfId = flags[id]!
        if ((flagsOfId & flag.worded) === 0) continue
        const key = keys[id]!
        const slot = key & (slots - 1)
        const low = lows[id]!
        const high = highs[id]!
        let left = comparedInBucket
        let steps = seenInBucket
        for (let other = heads[slot]!; other >= 0 && left > 0 && steps > 0; other = chain[other]!) {
          steps--
          if (keys[other] !== key) continue
          if ((flagsOfId & flags[other]! & flag.anchored) !== 0) continue
          if (sketchAgreement(low, high, lows[other]!, highs[other]!) < least) continue
          left--
          visit(id, other)
        }
        chain[id] = heads[slot]!
        heads[slot] = id
      }
    }
  }

  /** Removes the temporary files, if there are any. */
  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]()
    this.#tape[Symbol.dispose]()
    this.#pairs[Symbol.dispose]()
    this.#columns?.[Symbol.dispose]()
  }
}

function grown(flags: Uint8Array): Uint8Array {
  const larger = new Uint8Array(Math.ceil(flags.length * 1.5) + 16)
  larger.set(flags)
  return larger
}
