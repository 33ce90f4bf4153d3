import type { EvaluationTask } from '../evaluation-task.ts'
import type { MetricTexts, ReadRow, SampleMetric } from './metric.ts'

/**
 * What each row adds to counts, from which a score is computed (sufficient statistics): leaving a row out, or counting it twice,
 * needs no look at the others. Kept sparse: a row adds to a few counts out of many.
 */
export interface RowCounts {
  /** How many counts there are. */
  readonly width: number
  /** `[column][row]`: which count the row adds to, -1 for none. */
  readonly slots: readonly Int32Array[]
  /** `[column][row]`: how much it adds; 1 when left out. */
  readonly amounts?: readonly Float64Array[]
  /** The score of the summed counts, `[width]`. Does not change them. */
  readonly value: (totals: Float64Array) => number
}

/** A metric that is a function of sums over rows. */
export function countedMetric(
  texts: MetricTexts,
  counts: (rows: readonly ReadRow[], task: EvaluationTask) => RowCounts,
): SampleMetric {
  return {
    ...texts,
    kind: 'sample',
    counts,
    statistic: (rows, task) => {
      const { width, slots, amounts, value } = counts(rows, task)
      const totals = new Float64Array(width)
      return (sample) => {
        if (sample.length === 0) return Number.NaN
        totals.fill(0)
        for (const [column, slotOf] of slots.entries()) {
          const amountOf = amounts?.[column]
          for (const row of sample) {
            const slot = slotOf[row]!
            if (slot >= 0) totals[slot]! += amountOf === undefined ? 1 : amountOf[row]!
          }
        }
        return value(totals)
      }
    },
  }
}

/** Every row adds to every count: a table of numbers, `[rows][width]`. */
export function denseCounts(
  rows: readonly ReadRow[],
  width: number,
  numbersOf: (row: ReadRow) => readonly number[],
): Pick<RowCounts, 'width' | 'slots'> & { readonly amounts: readonly Float64Array[] } {
  const amounts = Array.from({ length: width }, () => new Float64Array(rows.length))
  for (const [at, row] of rows.entries()) {
    const numbers = numbersOf(row)
    for (const [column, amount] of amounts.entries()) amount[at] = numbers[column] ?? 0
  }
  const slots = amounts.map((_, column) => new Int32Array(rows.length).fill(column))
  return { width, slots, amounts }
}
