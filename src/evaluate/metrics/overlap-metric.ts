import type { EvaluationTask } from '../evaluation-task.ts'
import type { Overlap } from '../match/match-value.ts'
import { countedMetric, denseCounts } from './counted-metric.ts'
import type { MetricTexts, ReadRow, SampleMetric } from './metric.ts'

export type OverlapPart = 'precision' | 'recall' | 'f1'

/** Precision, recall or F1 of things that rows hold any number of, over all rows together (micro-average). */
export function overlapMetric(
  texts: Omit<MetricTexts, 'format'>,
  part: OverlapPart,
  overlapOf: (row: ReadRow, task: EvaluationTask) => Overlap,
): SampleMetric {
  return countedMetric({ ...texts, format: 'fraction' }, (rows, task) => ({
    ...denseCounts(rows, 3, (row) => {
      const { hits, expected, answered } = overlapOf(row, task)
      return [hits, expected, answered]
    }),
    value: ([hits = 0, expected = 0, answered = 0]) => overlapScore({ hits, expected, answered }, part),
  }))
}

/** Where nothing is expected and nothing is answered, all is right; else what has no denominator is 0. */
export function overlapScore({ hits, expected, answered }: Overlap, part: OverlapPart): number {
  if (expected === 0 && answered === 0) return 1
  const [above, below] = {
    precision: [hits, answered],
    recall: [hits, expected],
    f1: [2 * hits, expected + answered],
  }[part] as [number, number]
  return below === 0 ? 0 : above / below
}
