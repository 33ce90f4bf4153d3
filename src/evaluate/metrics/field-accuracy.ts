import type { EvaluationTask } from '../evaluation-task.ts'
import { comparedFields } from './compared-fields.ts'
import type { MeanMetric, ProportionMetric, ReadRow } from './metric.ts'
import { overlapScore } from './overlap-metric.ts'

/** Mean over rows of the share of members that are right. */
export const fieldAccuracy: MeanMetric = {
  id: 'field-accuracy',
  title: 'field accuracy',
  format: 'percent',
  definition:
    'the mean over rows of the share of fields that are right; a missing field and one that was not expected are wrong',
  kind: 'mean',
  rowScore: (row, task) => {
    const fields = comparedFields(row, task)
    // A value that is no object, or an empty one, is right or wrong as a whole.
    if (fields.length === 0) return row.answer.readable && row.answer.read === row.expected.read ? 1 : 0
    return fields.filter(({ right }) => right).length / fields.length
  },
}

/** Share of rows whose fields are all right, each by its own rule. */
export const fieldsMatch: ProportionMetric = {
  id: 'fields-match',
  title: 'all fields right',
  format: 'percent',
  definition: 'the share of rows whose fields are all right, each by the rule of the task',
  kind: 'proportion',
  isRight: (row, task) => fieldAccuracy.rowScore(row, task) === 1,
}

export interface FieldResult {
  readonly field: string
  readonly right: number
  /** Rows in which the field was compared. */
  readonly rows: number
  /** Values that are expected, over all rows; a list has as many as it has items. */
  readonly expected: number
  /** Values that are answered. */
  readonly answered: number
  /** Null when no value is answered. */
  readonly precision: number | null
  /** Null when no value is expected. */
  readonly recall: number | null
  /** Null when no value is expected. */
  readonly f1: number | null
}

/** How often each field is right, in the order of the task or of first appearance. */
export function fieldResults(rows: readonly ReadRow[], task: EvaluationTask): FieldResult[] {
  const results = new Map<
    string,
    { right: number; rows: number; hits: number; expected: number; answered: number }
  >()
  for (const compared of rows.flatMap((row) => comparedFields(row, task))) {
    const { field } = compared
    const result = results.get(field) ?? { right: 0, rows: 0, hits: 0, expected: 0, answered: 0 }
    result.rows++
    if (compared.right) result.right++
    result.hits += compared.hits
    result.expected += compared.expected
    result.answered += compared.answered
    results.set(field, result)
  }
  return [...results].map(([field, { hits, ...result }]) => {
    const overlap = { hits, expected: result.expected, answered: result.answered }
    return {
      field,
      ...result,
      precision: result.answered === 0 ? null : overlapScore(overlap, 'precision'),
      recall: result.expected === 0 ? null : overlapScore(overlap, 'recall'),
      f1: result.expected === 0 ? null : overlapScore(overlap, 'f1'),
    }
  })
}
