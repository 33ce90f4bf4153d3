import type { Example } from '../../core/example.ts'
import { contentHash } from '../content-hash.ts'
import { conversationText, type PlacedExample } from '../records/placed-example.ts'

// Of Okapi BM25; S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations and
// Trends in Information Retrieval 3(4), 2009.
const saturation = 1.2
const lengthShare = 0.75

/**
 * Finds the training examples whose conversations are most like that of a row, by the words that they share (Okapi BM25). Only
 * what stands before the answer is compared. Equal scores are ordered by content, so that the order of the records does not
 * matter.
 *
 * @returns the examples most like the row, the most similar last, next to the question; at most `count`
 */
export function createSimilarSearch(
  training: readonly PlacedExample[],
): (row: Example, count: number) => PlacedExample[] {
  const unique = [...new Map(training.map((example) => [contentHash(example), example]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, example]) => example)
  const postings = new Map<string, { readonly row: number; readonly times: number }[]>()
  const lengths = unique.map((example, row) => {
    const words = wordsOf(example)
    for (const [word, times] of tally(words)) {
      const list = postings.get(word) ?? []
      if (list.length === 0) postings.set(word, list)
      list.push({ row, times })
    }
    return words.length
  })
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length)
  return (row, count) => {
    const scores = new Float64Array(unique.length)
    for (const word of new Set(wordsOf(row))) {
      const list = postings.get(word) ?? []
      const rarity = Math.log(1 + (unique.length - list.length + 0.5) / (list.length + 0.5))
      for (const { row: at, times } of list) {
        const norm = saturation * (1 - lengthShare + (lengthShare * lengths[at]!) / meanLength)
        scores[at]! += (rarity * times * (saturation + 1)) / (times + norm)
      }
    }
    const order = [...unique.keys()].toSorted((a, b) => scores[b]! - scores[a]! || a - b)
    return order
      .slice(0, count)
      .toReversed()
      .map((at) => unique[at]!)
  }
}

const wordsOf = (example: Example): string[] =>
  conversationText(example)
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
