import type { EvaluationForm, FormProblems } from '../evaluation-body.ts'

/** What each part of the form is given. */
export interface FormPart {
  readonly form: EvaluationForm
  readonly problems: FormProblems
  readonly change: (values: Partial<EvaluationForm>) => void
}
