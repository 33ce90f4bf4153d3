import type { TrainingJob } from '../../core/training-job.ts'
import type { TunedCheckpoint } from '../tuning/tuned-checkpoints.ts'
import type { Phase, PhaseName } from '../tuning/tuning-job.ts'

/** A run that trains or has trained in this home, whoever started it. */
export interface TrainingRun {
  /** Of a job of the server its id there; of a run of the command line that of its model. */
  readonly id: string
  readonly name: string
  readonly startedBy: 'server' | 'command-line'
  /** User of the key that started it. */
  readonly owner: string | null
  readonly state:
    | 'queued'
    | 'running'
    | 'pausing'
    | 'paused'
    | 'stopping'
    | 'succeeded'
    | 'failed'
    | 'stopped'
  readonly phase: PhaseName | 'waiting' | 'ended'
  /** Id of the model in the home. */
  readonly model: string
  readonly base: string
  /** Null where only the examples are known, not where they came from. */
  readonly data: { readonly training: string; readonly validation: readonly string[] } | null
  readonly step: number
  /** 0 as long as it is not known. */
  readonly steps: number
  readonly trainingLoss: number | null
  readonly validationLoss: number | null
  readonly secondsLeft: number | null
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly endedAt: number | null
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly canStop: boolean
  readonly canPause: boolean
  readonly canResume: boolean
}

export interface TrainingRunDetails {
  readonly run: TrainingRun
  /** What decides the result; null before training has begun. */
  readonly job: TrainingJob | null
  readonly phases: Readonly<Record<PhaseName, Phase>> | null
  readonly attempts: number
  /** Models of the last epochs, which answer whatever becomes of the run. */
  readonly checkpoints: readonly TunedCheckpoint[]
  /** Where its log lies. */
  readonly folder: string
}
