import type { ConfusionMatrix } from './confusion-matrix.ts'

/** How well one label is recognised. */
export interface LabelResult {
  readonly label: string
  /** Rows whose expected label it is. */
  readonly support: number
  /** Rows that were answered with it. */
  readonly answered: number
  /** Null when no answer gave the label. */
  readonly precision: number | null
  /** Null when no row expects the label. */
  readonly recall: number | null
  /** 2 · hits / (support + answered); null when no row expects the label. */
  readonly f1: number | null
}

/** Precision, recall and F1 of each label. */
export function labelResults({ labels, counts, unreadable }: ConfusionMatrix): LabelResult[] {
  return labels.map((label, at) => {
    const hits = counts[at]?.[at] ?? 0
    const support = sum(counts[at] ?? []) + (unreadable[at] ?? 0)
    const answered = sum(counts.map((line) => line[at] ?? 0))
    return {
      label,
      support,
      answered,
      precision: answered === 0 ? null : hits / answered,
      recall: support === 0 ? null : hits / support,
      f1: support === 0 ? null : (2 * hits) / (support + answered),
    }
  })
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
