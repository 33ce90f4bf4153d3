import type { EvaluationTask } from '../evaluation-task.ts'
import type { Overlap } from '../match/match-value.ts'
import { comparedFields } from './compared-fields.ts'
import type { ReadRow, SampleMetric } from './metric.ts'
import { overlapMetric, type OverlapPart } from './overlap-metric.ts'

/** What the fields of a row have in common; a list counts with each of its items. */
function fieldOverlap(row: ReadRow, task: EvaluationTask): Overlap {
  return comparedFields(row, task).reduce<Overlap>(
    (sum, { hits, expected, answered }) => ({
      hits: sum.hits + hits,
      expected: sum.expected + expected,
      answered: sum.answered + answered,
    }),
    { hits: 0, expected: 0, answered: 0 },
  )
}

const fieldMetric = (part: OverlapPart, title: string, definition: string): SampleMetric =>
  overlapMetric({ id: `field-${part}`, title, definition }, part, fieldOverlap)

export const fieldPrecision: SampleMetric = fieldMetric(
  'precision',
  'field precision',
  'the share of answered values that are right, over all fields; every item of a list is a value',
)

export const fieldRecall: SampleMetric = fieldMetric(
  'recall',
  'field recall',
  'the share of expected values that are answered rightly, over all fields; every item of a list is a value',
)

export const fieldF1: SampleMetric = fieldMetric(
  'f1',
  'field F1',
  'the harmonic mean of precision and recall of values, over all fields; every item of a list is a value',
)
