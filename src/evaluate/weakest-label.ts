import type { CandidateResult, WeakestLabel } from './evaluation.ts'

/** The label with the lowest F1, the one with more rows first; null when none has a mistake or there are no labels. */
export function weakestLabel({ labels, confusion }: CandidateResult): WeakestLabel | null {
  if (labels === undefined || confusion === undefined) return null
  const [weakest] = labels
    .flatMap(({ label, f1, support, answered }, at) =>
      f1 === null ? [] : [{ label, f1, support, answered, at }],
    )
    .toSorted((a, b) => a.f1 - b.f1 || b.support - a.support)
  if (weakest === undefined || weakest.f1 === 1) return null
  const line = confusion.counts[weakest.at] ?? []
  const mistakes = [
    ...confusion.labels.map((label, at) => ({ label, count: at === weakest.at ? 0 : (line[at] ?? 0) })),
    { label: null, count: confusion.unreadable[weakest.at] ?? 0 },
  ].toSorted((a, b) => b.count - a.count)
  const worst = mistakes[0]
  return {
    label: weakest.label,
    f1: weakest.f1,
    support: weakest.support,
    mistakenFor: worst === undefined || worst.count === 0 ? null : worst,
    wronglyGiven: weakest.answered - (line[weakest.at] ?? 0),
  }
}
