import type { JsonValue } from '../lib/canonical-json.ts'
import type { FieldRule } from './match/matcher.ts'

/** What an answer is, and with that how it is read and scored. */
export type EvaluationTask = LabelTask | JsonTask | ToolCallsTask | SpansTask | CodesTask | TextTask

interface AnyTask {
  /** Ids of the metrics, the headline first; those of `metricsOf` when left out. */
  readonly metrics?: readonly string[]
}

/** The answer is one of a closed set of labels. */
export interface LabelTask extends AnyTask {
  readonly kind: 'labels'
  readonly labels: readonly string[]
  /** The line `FIELD: LABEL` holds the label; without a field the whole answer is the label. */
  readonly field?: string
  /** The label that says "none of these": what is out of scope is expected to get it. */
  readonly abstain?: string
}

/** The answer is one JSON value. */
export interface JsonTask extends AnyTask {
  readonly kind: 'json'
  /**
   * Members of the object that are scored one by one, equal as JSON or by a rule; without it, all members of the expected
   * object.
   */
  readonly fields?: readonly (string | FieldRule)[]
  /** JSON Schema (draft 2020-12) that answers must obey. */
  readonly schema?: JsonValue
}

/** The answer is a list of function calls, or text where nothing is to be called. */
interface ToolCallsTask extends AnyTask {
  readonly kind: 'tool-calls'
}

/** The answer names pieces of the input with a label each. */
interface SpansTask extends AnyTask {
  readonly kind: 'spans'
}

/** The answer is a list of codes of a classification. */
interface CodesTask extends AnyTask {
  readonly kind: 'codes'
  readonly system: 'icd-10-cm'
}

/** The answer is free text. */
interface TextTask extends AnyTask {
  readonly kind: 'text'
  /** Headings or markers that the answer must have, in this order. */
  readonly sections?: readonly string[]
}

export type TaskKind = EvaluationTask['kind']
