import { z } from 'zod'
import type { ListedObject } from './page.ts'

/**
 * Tuning in the manner of Anthropic's API, which never had any of its own: an extension of Hone's. `docs/anthropic.md`
 * documents it.
 */
export interface TuningBody {
  readonly model: string
  readonly training_file: string
  readonly validation_file?: string | null | undefined
  readonly name?: string | undefined
  readonly hyperparameters?: TuningHyperparameters | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

interface TuningHyperparameters {
  readonly epochs?: number | undefined
  readonly batch_size?: number | undefined
  readonly learning_rate_multiplier?: number | undefined
  readonly early_stopping_patience?: number | undefined
  readonly early_stopping_threshold?: number | undefined
  readonly seed?: number | undefined
}

/** Names of models and endpoints, as every API here takes them. */
const modelName = z
  .string()
  .regex(
    /^([0-9a-zA-Z][_-]?){1,63}$/,
    'up to 63 letters and digits are wanted, with single - or _ between them',
  )

/** What `POST /v1/fine_tuning/jobs` is sent. */
export const tuningBody: z.ZodType<TuningBody> = z.strictObject({
  model: z.string().min(1).max(256),
  training_file: z.string().min(1).max(100),
  validation_file: z.string().min(1).max(100).nullish(),
  name: modelName.optional(),
  hyperparameters: z
    .strictObject({
      epochs: z.int().min(1).max(100).optional(),
      batch_size: z.int().min(1).max(256).optional(),
      learning_rate_multiplier: z.number().positive().max(10).optional(),
      early_stopping_patience: z.int().min(1).max(100).optional(),
      early_stopping_threshold: z.number().min(0).max(10).optional(),
      seed: z
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .optional(),
    })
    .optional(),
  metadata: z
    .record(z.string().min(1).max(64), z.string().max(512))
    .refine((metadata) => Object.keys(metadata).length <= 16, 'at most 16 entries')
    .optional(),
})

/** Times are milliseconds since 1970. */
export interface ShownTuningJob {
  readonly id: string
  readonly status: string
  /** The base as the client named it, and what it is here. */
  readonly model: string
  readonly localBase: string
  /** Of the model that comes of it. */
  readonly name: string
  readonly isDone: boolean
  readonly trainingFile: string
  readonly validationFile: string | null
  readonly hyperparameters: {
    readonly epochs: number | null
    readonly batchSize: number | null
    readonly learningRateMultiplier: number | null
    readonly seed: number | null
  }
  readonly metadata: Readonly<Record<string, string>>
  readonly progress: {
    readonly step: number
    readonly steps: number
    readonly secondsLeft: number | null
    readonly trainingLoss: number | null
    readonly validationLoss: number | null
  }
  readonly failure: { readonly type: string; readonly message: string } | null
  readonly createdAt: number
  readonly startedAt: number | undefined
  readonly endedAt: number | null
}

export const writeTuningJob = (job: ShownTuningJob): ListedObject => ({
  id: job.id,
  type: 'fine_tuning_job',
  status: job.status,
  model: job.model,
  base_model: job.localBase,
  name: job.name,
  tuned_model: job.isDone ? job.name : null,
  training_file: job.trainingFile,
  validation_file: job.validationFile,
  hyperparameters: {
    epochs: job.hyperparameters.epochs,
    batch_size: job.hyperparameters.batchSize,
    learning_rate_multiplier: job.hyperparameters.learningRateMultiplier,
    seed: job.hyperparameters.seed,
  },
  metadata: job.metadata,
  progress: {
    step: job.progress.step,
    steps: job.progress.steps,
    seconds_left: job.progress.secondsLeft,
    training_loss: job.progress.trainingLoss,
    validation_loss: job.progress.validationLoss,
  },
  error: job.failure,
  created_at: time(job.createdAt),
  started_at: job.startedAt === undefined ? null : time(job.startedAt),
  ended_at: job.endedAt === null ? null : time(job.endedAt),
})

/** Something that happened to a job. */
export const writeTuningEvent = (event: {
  readonly id: string
  readonly at: number
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}): ListedObject => ({
  id: event.id,
  type: 'fine_tuning_event',
  event: event.type,
  created_at: time(event.at),
  data: Object.fromEntries(Object.entries(event.data).map(([name, value]) => [snakeCase(name), value])),
})

/** The model of an epoch. */
export const writeTuningCheckpoint = (checkpoint: {
  readonly id: string
  readonly model: string
  readonly step: number
  readonly epoch: number
  readonly trainingLoss: number
  readonly validationLoss: number | null
  readonly createdAt: number
}): ListedObject => ({
  id: checkpoint.id,
  type: 'fine_tuning_checkpoint',
  model: checkpoint.model,
  step: checkpoint.step,
  epoch: checkpoint.epoch,
  training_loss: checkpoint.trainingLoss,
  validation_loss: checkpoint.validationLoss,
  created_at: time(checkpoint.createdAt),
})

export interface DeploymentBody {
  readonly model: string
  readonly name: string
  readonly description?: string | undefined
}

/** What `POST /v1/fine_tuning/deployments` is sent. */
export const deploymentBody: z.ZodType<DeploymentBody> = z.strictObject({
  model: z.string().min(1).max(256),
  name: modelName,
  description: z.string().min(1).max(2048).optional(),
})

/** A name that a tuned model answers under, and that can be given another model. */
export const writeDeployment = (deployment: {
  readonly id: string
  readonly name: string
  readonly model: string
  readonly localBase: string
  readonly description: string | null
  readonly createdAt: number
}): ListedObject => ({
  id: deployment.id,
  type: 'deployment',
  name: deployment.name,
  model: deployment.model,
  base_model: deployment.localBase,
  description: deployment.description,
  created_at: time(deployment.createdAt),
})

/** RFC 3339. */
const time = (milliseconds: number): string => new Date(milliseconds).toISOString()
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
