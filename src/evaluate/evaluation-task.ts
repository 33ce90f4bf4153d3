/** What an answer is, and with that how it is read and scored. */
export type EvaluationTask = LabelTask | JsonTask | TextTask

/** The answer is one of a closed set of labels. */
export interface LabelTask {
  readonly kind: 'labels'
  readonly labels: readonly string[]
  /** The line `FIELD: LABEL` holds the label; without a field the whole answer is the label. */
  readonly field?: string
}

/** The answer is one JSON value. */
interface JsonTask {
  readonly kind: 'json'
  /** Members of the object that are scored one by one; without it, all members of the expected object. */
  readonly fields?: readonly string[]
}

/** The answer is free text. */
interface TextTask {
  readonly kind: 'text'
}

export type TaskKind = EvaluationTask['kind']
