import type { EvaluationTask } from '../evaluation-task.ts'
import type { Readable, Reading } from '../reading.ts'
import type { SampleStatistic } from '../statistics/bootstrap-interval.ts'

/** The expected answer of a row beside the answer that was given. */
export interface ReadRow {
  readonly expected: Readable
  readonly answer: Reading
}

/**
 * A score from 0 to 1. The kind decides the interval and the paired test:
 *
 * - `proportion`: rows are right or wrong. Wilson; pairs by Tango and McNemar.
 * - `mean`: each row has a score. Bootstrap; pairs by bootstrap and sign test.
 * - `sample`: only all rows together have a score. Bootstrap; pairs by bootstrap.
 */
export type Metric = ProportionMetric | MeanMetric | SampleMetric

interface MetricTexts {
  /** Stable name in files, kebab-case. */
  readonly id: string
  /** Head of a column. */
  readonly title: string
  /** `percent` prints 93.8 %, `fraction` prints 0.94. */
  readonly format: 'percent' | 'fraction'
  /** What it measures, as a sentence without its subject, for the report. */
  readonly definition: string
}

export interface ProportionMetric extends MetricTexts {
  readonly kind: 'proportion'
  isRight(row: ReadRow, task: EvaluationTask): boolean
}

export interface MeanMetric extends MetricTexts {
  readonly kind: 'mean'
  /** In [0, 1]. */
  rowScore(row: ReadRow, task: EvaluationTask): number
}

export interface SampleMetric extends MetricTexts {
  readonly kind: 'sample'
  /** Prepares the rows once and returns the score of any resample of them; that of no row is NaN. */
  statistic(rows: readonly ReadRow[], task: EvaluationTask): SampleStatistic
}
