import type { QueuedJob } from '../../store/database/job-queue.ts'
import type { MeasuredSplit } from '../evaluation/evaluate-answers.ts'

/** The kind of these jobs in the queue. */
export const evaluationKind = 'evaluation'

/** What an evaluation was asked for; never changed. Its configuration lies in its folder. */
export interface EvaluationSpec {
  /** The dataset version that is measured on, `name@hash`. */
  readonly dataset: string
  readonly split: MeasuredSplit
  readonly base: string
  /** Id of the tuned model; null where none is asked. */
  readonly tuned: string | null
  readonly candidates: readonly string[]
  readonly safety: boolean
}

/** How far an evaluation is. */
export interface EvaluationProgress {
  readonly phase: string | null
  readonly candidate: string | null
  readonly done: number
  readonly total: number
}

export type EvaluationJob = QueuedJob<EvaluationSpec, EvaluationProgress>

export const freshEvaluation: EvaluationProgress = { phase: null, candidate: null, done: 0, total: 0 }
