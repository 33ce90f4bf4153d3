import { HoneError } from '../core/errors.ts'
import { jaccard, mix, shinglesOf, wordsOf } from './shingles.ts'
import { UnionFind } from './union-find.ts'

/** Two texts are near-duplicates when this share of their 3-word shingles is common to both. */
export const defaultThreshold = 0.8

export interface NearDuplicateOptions {
  /** Jaccard similarity from which two texts belong together, in (0, 1]. Default 0.8. */
  readonly threshold?: number
}

// 25 bands of 5: a pair at similarity 0.8 shares a band with probability 1 - (1 - 0.8^5)^25 = 0.99995. Below the
// threshold, candidates are weeded out by their exact similarity.
const bands = 25
const rowsOfBand = 5
const hashes = bands * rowsOfBand

/** In one bucket, a text is compared with this many others at most, so that work grows linearly with the texts. */
const comparedInBucket = 256

/** With fewer texts than this, what most of them share is not called a template. */
const fewestForTemplate = 20

/**
 * Groups texts that are equal but for case, punctuation and a few words, as indices: disjoint, all texts covered, a text
 * without a like alone. Groups grow by links: its members need not all be alike in pairs.
 *
 * Shingles that more than half of the distinct texts have (an instruction that every record repeats) are their template and
 * do not count; otherwise long instructions would make all records alike.
 *
 * MinHash with banding: Broder, "On the resemblance and containment of documents" (1997); Leskovec, Rajaraman and Ullman,
 * "Mining of Massive Datasets", chapter 3.
 *
 * @throws HoneError `E_CONFIG` for a threshold outside (0, 1].
 */
export function nearDuplicateGroups(
  texts: readonly string[],
  options: NearDuplicateOptions = {},
): readonly (readonly number[])[] {
  const threshold = options.threshold ?? defaultThreshold
  if (!(threshold > 0 && threshold <= 1)) {
    throw new HoneError(
      'E_CONFIG',
      `the near-duplicate threshold must be above 0 and at most 1, not ${threshold}`,
    )
  }
  const groups = new UnionFind(texts.length)
  const distinct = joinEqual(texts, groups)
  const sets = withoutTemplate(distinct.map(({ words }) => shinglesOf(words)))
  const signatures = signaturesOf(sets)
  const next = new Int32Array(sets.length)
  for (let band = 0; band < bands; band++) {
    const heads = new Map<number, number>()
    sets.forEach((set, at) => {
      const bucket = bucketOf(signatures, at, band)
      const { index } = distinct[at] ?? { index: 0 }
      next[at] = heads.get(bucket) ?? -1
      heads.set(bucket, at)
      let other = next[at] ?? -1
      for (let compared = 0; other >= 0 && compared < comparedInBucket; compared++) {
        const otherIndex = distinct[other]?.index ?? 0
        const apart = groups.find(index) !== groups.find(otherIndex)
        if (apart && jaccard(set, sets[other] ?? set) >= threshold) groups.union(index, otherIndex)
        other = next[other] ?? -1
      }
    })
  }
  return groups.sets()
}

interface DistinctText {
  readonly index: number
  readonly words: readonly string[]
}

/** Joins texts with the same words (without any: the same characters) and returns the first of each. */
function joinEqual(texts: readonly string[], groups: UnionFind): DistinctText[] {
  const first = new Map<string, number>()
  const distinct: DistinctText[] = []
  texts.forEach((text, index) => {
    const words = wordsOf(text)
    const key = words.length === 0 ? `=${text.trim()}` : words.join(' ')
    const known = first.get(key)
    if (known !== undefined) groups.union(known, index)
    else {
      first.set(key, index)
      // Texts without words have no shingles and would all be alike: they are compared by their characters only.
      if (words.length > 0) distinct.push({ index, words })
    }
  })
  return distinct
}

function withoutTemplate(sets: readonly Uint32Array[]): readonly Uint32Array[] {
  if (sets.length < fewestForTemplate) return sets
  // Counters shared by a few shingles each: a rare one would need thousands of chance neighbours to look common.
  const counts = new Uint32Array(2 ** 20)
  for (const set of sets) {
    for (const shingle of set) counts[shingle >>> 12] = (counts[shingle >>> 12] ?? 0) + 1
  }
  const common = sets.length / 2
  return sets.map((set) => set.filter((shingle) => (counts[shingle >>> 12] ?? 0) <= common))
}

/** `[texts, hashes]` row by row: the smallest value of each hash function over the text's shingles. */
function signaturesOf(sets: readonly Uint32Array[]): Uint32Array {
  const factors = Uint32Array.from({ length: hashes }, (_, at) => mix(2 * at + 1) | 1)
  const offsets = Uint32Array.from({ length: hashes }, (_, at) => mix(2 * at + 2))
  const signatures = new Uint32Array(sets.length * hashes).fill(0xffffffff)
  sets.forEach((set, at) => {
    const signature = signatures.subarray(at * hashes, (at + 1) * hashes)
    for (const shingle of set) {
      for (let hash = 0; hash < hashes; hash++) {
        const value = (Math.imul(shingle, factors[hash] ?? 1) + (offsets[hash] ?? 0)) >>> 0
        if (value < (signature[hash] ?? 0)) signature[hash] = value
      }
    }
  })
  return signatures
}

function bucketOf(signatures: Uint32Array, text: number, band: number): number {
  const start = text * hashes + band * rowsOfBand
  let bucket = 0
  for (let row = 0; row < rowsOfBand; row++)
    bucket = mix(Math.imul(bucket, 31) + (signatures[start + row] ?? 0))
  return bucket
}
