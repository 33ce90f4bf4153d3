import type { CandidateAnswer, EvaluatedExample } from '../evaluation.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import type { Readable, Reading } from '../reading.ts'
import type { SampleStatistic } from '../statistics/sample-figure.ts'
import type { RowCounts } from '../row-counts.ts'

/** The expected answer of a row beside the answer that was given. */
export interface ReadRow {
  readonly expected: Readable
  readonly answer: Reading
  /** What was asked, and the expected answer as written. */
  readonly example?: Pick<EvaluatedExample, 'id' | 'input' | 'expected' | 'group'>
  /** The answer as written, with its label probabilities where there are any. */
  readonly given?: Pick<CandidateAnswer, 'answer' | 'labelScores' | 'judgement'>
}

/**
 * A score, from 0 to 1 unless it says otherwise. The kind decides the interval and the paired test:
 *
 * - `proportion`: rows are right or wrong. Wilson; pairs by Tango and McNemar.
 * - `mean`: each row has a score. Bootstrap; pairs by bootstrap and permutation test.
 * - `sample`: only all rows together have a score. Bootstrap; pairs by bootstrap, and a permutation test where it is of sums.
 */
export type Metric = ProportionMetric | MeanMetric | SampleMetric

/** What the report says of a metric. */
export interface MetricTexts {
  /** Stable name in files, kebab-case. */
  readonly id: string
  /** Head of a column. */
  readonly title: string
  /** `percent` prints 93.8 %, `fraction` prints 0.94. */
  readonly format: 'percent' | 'fraction'
  /** What it measures, as a sentence without its subject, for the report. */
  readonly definition: string
  /** True where less is better, of errors for one. */
  readonly lowerIsBetter?: boolean
  /** What every row must have besides its answer. */
  readonly needs?: 'label scores' | 'judgements'
}

export interface ProportionMetric extends MetricTexts {
  readonly kind: 'proportion'
  isRight(row: ReadRow, task: EvaluationTask): boolean
}

export interface MeanMetric extends MetricTexts {
  readonly kind: 'mean'
  /** In [0, 1]; NaN where the row was not measured. */
  rowScore(row: ReadRow, task: EvaluationTask): number
}

export interface SampleMetric extends MetricTexts {
  readonly kind: 'sample'
  /** Prepares the rows once and returns the score of any resample of them; that of no row is NaN. */
  statistic(rows: readonly ReadRow[], task: EvaluationTask): SampleStatistic
  /** The same score as a function of sums over rows, where it is one: a resample then costs only its sums. */
  counts?(rows: readonly ReadRow[], task: EvaluationTask): RowCounts
}
