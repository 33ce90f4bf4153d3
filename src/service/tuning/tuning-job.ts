import type { JsonObject } from '../../core/example.ts'
import type { TrainingOverrides } from '../../core/training-settings.ts'
import type { QueuedJob } from '../../store/database/job-queue.ts'

/** The kind of these jobs in the queue. */
export const tuningKind = 'tuning'

/** What a tuning job was asked for; never changed. */
export interface TuningSpec {
  /** Id of the model that comes of it. */
  readonly modelId: string
  /** Unique among models. */
  readonly modelName: string
  /** Id of the profile whose rules hold. */
  readonly profile: string
  /** The base as the service's clients call it. */
  readonly baseIdentifier: string
  /** Id of the base on this machine that stands in for it. */
  readonly localBase: string
  /** Id of the model whose training is continued. */
  readonly parent: string | null
  /** Its id in the home, where that does not follow from it: a copy has the files of what it was copied from. */
  readonly parentHome?: string
  /** Its id in the home, where it has one of its own. */
  readonly homeId?: string
  /** True for a run that was begun on the command line: what it has made stays, whatever becomes of the job. */
  readonly isAdopted?: boolean
  /** `s3://` URIs, or `dataset:` and a part of a dataset version of the home. */
  readonly training: string
  readonly validation: readonly string[]
  /** Empty where nothing is written beside the model. */
  readonly output: string
  /** How records are read. */
  readonly reading?: {
    readonly system?: string | undefined
    readonly maxTokens?: number | undefined
    readonly dropLong?: boolean | undefined
  }
  /** As the client wrote them. */
  readonly hyperparameters: Readonly<Record<string, string>>
  /** What they come to here. */
  readonly overrides: TrainingOverrides
  /** What else the dialect was told and answers again. */
  readonly dialect: JsonObject
}

export const phaseNames = ['validation', 'processing', 'training'] as const

export type PhaseName = (typeof phaseNames)[number]

export interface Phase {
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped'
  /** Milliseconds since 1970. */
  readonly from?: number
  readonly changed?: number
}

/** How far a tuning job is. */
export interface TuningProgress {
  readonly phases: Readonly<Record<PhaseName, Phase>>
  readonly step: number
  readonly steps: number
  readonly trainingLoss: number | null
  readonly validationLoss: number | null
  /** Of each validation file, in order; absent where they are not known. */
  readonly validationLosses?: readonly number[]
  readonly secondsLeft: number | null
  /** What the job is trained with, as far as it was left open; known when it has been planned. */
  readonly planned?: PlannedTuning
}

export interface PlannedTuning {
  readonly epochs: number
  /** Records in one update. */
  readonly batchSize: number
  readonly learningRate: number
  readonly seed: number
  /** Tokens that carry loss, in all epochs. */
  readonly trainedTokens: number
}

export type TuningJob = QueuedJob<TuningSpec, TuningProgress>

export const freshProgress: TuningProgress = {
  phases: {
    validation: { state: 'waiting' },
    processing: { state: 'waiting' },
    training: { state: 'waiting' },
  },
  step: 0,
  steps: 0,
  trainingLoss: null,
  validationLoss: null,
  secondsLeft: null,
}

/** The same progress with one phase in another state. */
export function withPhase(
  progress: TuningProgress,
  name: PhaseName,
  state: Phase['state'],
  now: number,
): TuningProgress {
  const { from = now } = progress.phases[name]
  return { ...progress, phases: { ...progress.phases, [name]: { state, from, changed: now } } }
}

/** A model that a tuning job made, that was copied or that was taken from S3, as it is stored. */
export interface ServedModel {
  /** Id of the model in the home. */
  readonly homeId: string
  readonly jobId: string | null
  readonly profile: string
  readonly baseIdentifier: string
  readonly localBase: string
  readonly trainingLoss: number | null
  readonly validationLoss: number | null
  /** Of each validation file, in order; absent where only the joint one is known. */
  readonly validationLosses?: readonly number[]
  readonly dialect: JsonObject
  /** Where it comes from, of one that no tuning job here made: what it was copied from, or an `s3://` URI. */
  readonly source?: string
  /** Why it could not be made. */
  readonly failure?: string
}

/** What names data of a dataset version of the home, where others are `s3://` URIs. */
export const datasetScheme = 'dataset:'

/** Id of the model in the home. */
export const homeModelId = ({ modelId, homeId }: Pick<TuningSpec, 'modelId' | 'homeId'>): string =>
  homeId ?? `custom-${modelId}`

/** The model of a job; its losses are known when it has been trained. */
export const servedModel = (
  job: Pick<TuningJob, 'id' | 'spec'>,
  progress: Pick<TuningProgress, 'trainingLoss' | 'validationLoss' | 'validationLosses'>,
): ServedModel => ({
  homeId: homeModelId(job.spec),
  jobId: job.id,
  profile: job.spec.profile,
  baseIdentifier: job.spec.baseIdentifier,
  localBase: job.spec.localBase,
  trainingLoss: progress.trainingLoss,
  validationLoss: progress.validationLoss,
  ...(progress.validationLosses === undefined ? {} : { validationLosses: progress.validationLosses }),
  dialect: job.spec.dialect,
})
