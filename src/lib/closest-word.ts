/**
 * The candidate that a mistyped word most likely means, or `undefined` when none is near: equal apart from case and
 * separators (`learning_rate` for `learningRate`), or within one edit for each three letters, counted by the
 * restricted Damerau-Levenshtein distance (insertion, deletion, replacement, neighbours swapped). Ties go to the
 * earlier candidate.
 */
export function closestWord(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = bare(word)
  let best: string | undefined
  let fewest = Math.floor(wanted.length / 3) + 1
  for (const candidate of candidates) {
    const edits = editDistance(wanted, bare(candidate))
    if (edits < fewest) {
      fewest = edits
      best = candidate
    }
  }
  return best
}

const bare = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll(/[\s_.-]/g, '')
    .slice(0, 100)

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let edits = Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) edits = Math.min(edits, (beforePrevious[j - 2] ?? 0) + 1)
      current.push(edits)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
