import type { DiffRun } from '../../api/contract.ts'

/** Beyond this many words on a side the middle is shown as replaced. */
const mostWords = 600
/** Of the shorter text: where less stays, a word here and there that both have makes neither of them readable. */
const leastShared = 0.4

/** What changed from a text to another, in words: the longest common subsequence, runs of one kind joined. */
export function wordDiff(before: string, after: string): DiffRun[] {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++
  const left = a.slice(start, a.length - end)
  const right = b.slice(start, b.length - end)
  const replaced = [...left.map(removed), ...right.map(added)]
  const middle = left.length > mostWords || right.length > mostWords ? replaced : commonParts(left, right)
  const isTorn = sharedLetters(middle) < leastShared * Math.min(lettersOf(left), lettersOf(right))
  return joined([
    ...a.slice(0, start).map(same),
    ...(isTorn ? replaced : middle),
    ...a.slice(a.length - end).map(same),
  ])
}

const lettersOf = (words: readonly string[]): number => words.join('').replaceAll(/\s/g, '').length
const sharedLetters = (parts: readonly DiffRun[]): number =>
  lettersOf(parts.flatMap(({ kind, text }) => (kind === 'same' ? [text] : [])))

const wordsOf = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? []
const same = (text: string): DiffRun => ({ kind: 'same', text })
const removed = (text: string): DiffRun => ({ kind: 'removed', text })
const added = (text: string): DiffRun => ({ kind: 'added', text })

function commonParts(a: readonly string[], b: readonly string[]): DiffRun[] {
  // lengths[i][j]: longest common subsequence of a from i and b from j.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const parts: DiffRun[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push(same(a[i]!))
      i++
      j++
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      parts.push(removed(a[i++]!))
    } else parts.push(added(b[j++]!))
  }
  return parts
}

function joined(parts: readonly DiffRun[]): DiffRun[] {
  const runs: DiffRun[] = []
  for (const part of parts) {
    const last = runs.at(-1)
    if (last?.kind === part.kind) runs[runs.length - 1] = { kind: part.kind, text: last.text + part.text }
    else runs.push(part)
  }
  return runs
}
