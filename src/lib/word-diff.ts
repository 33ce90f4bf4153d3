/** A run of words that both texts have, or only one of them. */
export interface DiffRun {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Above this many comparisons the differing middle is shown as replaced. */
const mostCells = 4_000_000

/** What changed from one text to another, in words and what stands between them; the texts are the runs joined. */
export function wordDiff(before: string, after: string): DiffRun[] {
  const a = before.match(piece) ?? []
  const b = after.match(piece) ?? []
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const runs = new Runs()
  runs.add('same', a.slice(0, start))
  middle(a.slice(start, endA), b.slice(start, endB), runs)
  runs.add('same', a.slice(endA))
  return runs.list
}

const piece = /\s+|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu

class Runs {
  readonly list: { kind: DiffRun['kind']; text: string }[] = []

  add(kind: DiffRun['kind'], words: readonly string[]): void {
    const text = words.join('')
    if (text === '') return
    const last = this.list.at(-1)
    if (last?.kind === kind) last.text += text
    else this.list.push({ kind, text })
  }
}

/** By the longest common subsequence. */
function middle(a: readonly string[], b: readonly string[], runs: Runs): void {
  const width = b.length + 1
  if ((a.length + 1) * width > mostCells) {
    runs.add('removed', a)
    runs.add('added', b)
    return
  }
  const longest = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)
    }
  }
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      runs.add('same', [a[i]!])
      i++
      j++
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) runs.add('removed', [a[i++]!])
    else runs.add('added', [b[j++]!])
  }
  runs.add('removed', a.slice(i))
  runs.add('added', b.slice(j))
}
