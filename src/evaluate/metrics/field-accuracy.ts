import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import type { MeanMetric, ReadRow } from './metric.ts'

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

export interface FieldResult {
  readonly field: string
  readonly right: number
  /** Rows in which the field was compared. */
  readonly rows: number
}

/** How often each field is right, in the order of the task or of first appearance. */
export function fieldResults(rows: readonly ReadRow[], task: EvaluationTask): FieldResult[] {
  const results = new Map<string, { right: number; rows: number }>()
  for (const { field, right } of rows.flatMap((row) => comparedFields(row, task))) {
    const result = results.get(field) ?? { right: 0, rows: 0 }
    result.rows++
    if (right) result.right++
    results.set(field, result)
  }
  return [...results].map(([field, result]) => ({ field, ...result }))
}

/** The declared fields, or every member of both objects. A field that both leave out is right. */
function comparedFields(
  { expected, answer }: ReadRow,
  task: EvaluationTask,
): { field: string; right: boolean }[] {
  const declared = task.kind === 'json' ? task.fields : undefined
  const truth = membersOf(expected.value)
  const given = answer.readable ? membersOf(answer.value) : undefined
  const fields = declared ?? (truth === undefined ? [] : new Set([...truth.keys(), ...(given?.keys() ?? [])]))
  return [...fields].map((field) => ({
    field,
    right: given !== undefined && given.get(field) === truth?.get(field),
  }))
}

/** The members of an object, each as canonical JSON; undefined for any other value. */
function membersOf(value: JsonValue | undefined): Map<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return new Map(
    Object.entries(value).map(([key, member]) => [key, member === undefined ? '' : canonicalJson(member)]),
  )
}
