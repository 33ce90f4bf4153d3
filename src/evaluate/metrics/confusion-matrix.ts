import type { ReadRow } from './metric.ts'

export interface ConfusionMatrix {
  readonly labels: readonly string[]
  /** `counts[expected][answered]`, `[labels, labels]`. */
  readonly counts: readonly (readonly number[])[]
  /** Rows of each expected label whose answer could not be read, `[labels]`. */
  readonly unreadable: readonly number[]
}

/** Counts answers by expected label, in the declared order; every row is in exactly one cell. */
export function confusionMatrix(rows: readonly ReadRow[], labels: readonly string[]): ConfusionMatrix {
  const numbers = new Map(labels.map((label, number) => [label, number]))
  const counts = labels.map(() => labels.map(() => 0))
  const unreadable = labels.map(() => 0)
  for (const { expected, answer } of rows) {
    const line = numbers.get(expected.read) ?? -1
    if (answer.readable) counts[line]![numbers.get(answer.read) ?? -1]!++
    else unreadable[line]!++
  }
  return { labels, counts, unreadable }
}
