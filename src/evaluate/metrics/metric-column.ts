import type { EvaluationTask } from '../evaluation-task.ts'
import type { SampleStatistic } from '../statistics/sample-figure.ts'
import type { Metric, ReadRow } from './metric.ts'
import type { RowCounts } from '../row-counts.ts'

/** What a metric gives of each row: all that an interval or a test needs of it. */
export type MetricColumn =
  | {
      /** 1 for a right row, 0 for a wrong one: of a `mean`, its score. */
      readonly kind: 'proportion' | 'mean'
      readonly values: Float64Array
    }
  | { readonly kind: 'counts'; readonly counts: RowCounts }
  | { readonly kind: 'sample'; readonly rows: number; readonly statistic: SampleStatistic }

/** The numbers of a metric, row by row; every row is scored once. */
export function metricColumn(metric: Metric, rows: readonly ReadRow[], task: EvaluationTask): MetricColumn {
  if (metric.kind === 'proportion' || metric.kind === 'mean') {
    const values = new Float64Array(rows.length)
    for (const [at, row] of rows.entries()) {
      values[at] = metric.kind === 'mean' ? metric.rowScore(row, task) : Number(metric.isRight(row, task))
    }
    return { kind: metric.kind, values }
  }
  const counts = metric.counts?.(rows, task)
  if (counts !== undefined) return { kind: 'counts', counts }
  return { kind: 'sample', rows: rows.length, statistic: metric.statistic(rows, task) }
}
