import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import { isWhole, matchValue, type Overlap } from '../match/match-value.ts'
import type { FieldRule } from '../match/matcher.ts'
import { valueAt } from '../match/value-at.ts'
import type { ReadRow } from './metric.ts'

export interface ComparedField extends Overlap {
  readonly field: string
  readonly right: boolean
}

/** Several metrics ask the same of a row. */
const compared = new WeakMap<ReadRow, { readonly task: EvaluationTask; readonly fields: ComparedField[] }>()

/** The declared fields, or every member of both objects. A field that both leave out is right. */
export function comparedFields(row: ReadRow, task: EvaluationTask): readonly ComparedField[] {
  const known = compared.get(row)
  if (known?.task === task) return known.fields
  const fields = compareFields(row, task)
  compared.set(row, { task, fields })
  return fields
}

function compareFields({ expected, answer }: ReadRow, task: EvaluationTask): ComparedField[] {
  const declared = task.kind === 'json' ? task.fields : undefined
  const truth = expected.value
  const given = answer.readable ? answer.value : undefined
  const fields = declared ?? namesOf(truth, given)
  return fields.map((rule) =>
    typeof rule === 'string' ? byName(rule, truth, given) : byRule(rule, truth, given),
  )
}

type Value = JsonValue | undefined

function byName(field: string, truth: Value, given: Value): ComparedField {
  const [left, right] = [memberOf(truth, field), memberOf(given, field)]
  return {
    field,
    ...matchValue({ match: 'exact' }, left, right),
    // Equal to the letter: a member that is null is not one that is missing.
    right: isObject(given) && jsonText(left) === jsonText(right),
  }
}

function byRule(rule: FieldRule, truth: Value, given: Value): ComparedField {
  const overlap = matchValue(rule, valueAt(truth, rule.field), valueAt(given, rule.field))
  return { field: rule.field, ...overlap, right: given !== undefined && isWhole(overlap) }
}

/** Members of the expected object, then those that only the answer has; none where no object is expected. */
function namesOf(truth: Value, given: Value): string[] {
  if (!isObject(truth)) return []
  return [...new Set([...Object.keys(truth), ...(isObject(given) ? Object.keys(given) : [])])]
}

const memberOf = (value: Value, name: string): Value =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

const jsonText = (value: Value): string | undefined =>
  value === undefined ? undefined : canonicalJson(value)

const isObject = (value: Value): value is Readonly<Record<string, JsonValue | undefined>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
