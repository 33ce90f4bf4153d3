const shingleWords = 3

/**
 * Words in the sense of the comparison: runs of letters, marks and digits; each character of a script that puts no spaces
 * between words is one. Case and compatibility forms are folded (NFKC).
 */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(wordPattern) ?? []
}

const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const wordPattern = new RegExp(String.raw`[${unspaced}]\p{M}*|(?:(?![${unspaced}])[\p{L}\p{N}\p{M}])+`, 'gu')

/**
 * The set of a text's 3-word shingles as sorted 32-bit hashes; of a text with fewer words, the one shingle of them all.
 * A text without words has none.
 */
export function shinglesOf(words: readonly string[]): Uint32Array {
  if (words.length === 0) return new Uint32Array(0)
  const hashes = words.map(hashOf)
  const count = Math.max(1, words.length - shingleWords + 1)
  const shingles = new Uint32Array(count)
  for (let at = 0; at < count; at++) {
    let mixed = 0
    for (let word = at; word < Math.min(at + shingleWords, hashes.length); word++) {
      mixed = mix(Math.imul(mixed, 31) + (hashes[word] ?? 0))
    }
    shingles[at] = mixed
  }
  shingles.sort()
  let kept = 0
  for (const shingle of shingles) if (kept === 0 || shingle !== shingles[kept - 1]) shingles[kept++] = shingle
  return shingles.slice(0, kept)
}

/** Size of the intersection over size of the union of two sorted sets; two empty sets are equal. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const [first, second] = [a[i] ?? 0, b[j] ?? 0]
    if (first === second) shared++
    if (first <= second) i++
    if (second <= first) j++
  }
  const union = a.length + b.length - shared
  return union === 0 ? 1 : shared / union
}

/** FNV-1a, 32 bits, over UTF-16 code units (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hashOf(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** MurmurHash3's 32-bit finalizer (https://github.com/aappleby/smhasher): every input bit moves every output bit. */
export function mix(value: number): number {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
