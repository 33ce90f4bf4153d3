import type { EvaluationTask } from '../evaluation-task.ts'
import type { RowCounts } from '../row-counts.ts'
import type { MetricTexts, ReadRow, SampleMetric } from './metric.ts'

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
