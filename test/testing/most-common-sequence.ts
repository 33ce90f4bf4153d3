export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []

/** The sequence of `length` words that occurs in the largest share of the texts. */
export function mostCommonSequence(
  texts: readonly string[],
  length: number,
): { sequence: string; share: number } {
  const counts = new Map<string, number>()
  for (const words of texts.map(wordsOf)) {
    const sequences = words.slice(length - 1).map((_, start) => words.slice(start, start + length).join(' '))
    for (const sequence of new Set(sequences)) counts.set(sequence, (counts.get(sequence) ?? 0) + 1)
  }
  const [sequence, count] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0])
  return { sequence, share: count / texts.length }
}
