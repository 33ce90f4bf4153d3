import type { Metadata } from './metadata.ts'
import { toSeconds, type ListedObject } from './object-id.ts'

/** What is known of a fine-tuning job. Times in milliseconds since 1970. */
export interface FineTuningJobFacts {
  readonly id: string
  readonly model: string
  readonly organization: string
  readonly status: string
  readonly createdAt: number
  readonly finishedAt: number | null
  readonly estimatedFinish: number | null
  readonly fineTunedModel: string | null
  readonly trainingFile: string
  readonly validationFile: string | null
  readonly resultFiles: readonly string[]
  readonly method: 'supervised' | 'dpo'
  readonly hyperparameters: FineTuningHyperparameters
  readonly trainedTokens: number | null
  readonly error: FineTuningError | null
  readonly suffix: string | null
  readonly seed: number
  readonly metadata: Metadata | null
}

type OrAuto = number | 'auto'

export interface FineTuningHyperparameters {
  readonly epochs: OrAuto
  readonly batchSize: OrAuto
  readonly learningRateMultiplier: OrAuto
  readonly beta?: OrAuto
}

export interface FineTuningError {
  readonly code: string
  readonly message: string
  readonly param: string | null
}

/** `fine_tuning.job`. Source: https://platform.openai.com/docs/api-reference/fine-tuning/object */
export function writeFineTuningJob(job: FineTuningJobFacts): ListedObject {
  const { epochs, batchSize, learningRateMultiplier, beta } = job.hyperparameters
  const hyperparameters = {
    n_epochs: epochs,
    batch_size: batchSize,
    learning_rate_multiplier: learningRateMultiplier,
    ...(beta === undefined ? {} : { beta }),
  }
  return {
    object: 'fine_tuning.job',
    id: job.id,
    model: job.model,
    created_at: toSeconds(job.createdAt),
    finished_at: job.finishedAt === null ? null : toSeconds(job.finishedAt),
    fine_tuned_model: job.fineTunedModel,
    organization_id: job.organization,
    result_files: job.resultFiles,
    status: job.status,
    validation_file: job.validationFile,
    training_file: job.trainingFile,
    // Of the older form, for supervised jobs only.
    hyperparameters: job.method === 'supervised' ? hyperparameters : {},
    trained_tokens: job.trainedTokens,
    error: job.error,
    user_provided_suffix: job.suffix,
    seed: job.seed,
    estimated_finish: job.estimatedFinish === null ? null : toSeconds(job.estimatedFinish),
    integrations: [],
    metadata: job.metadata,
    method: { type: job.method, [job.method]: { hyperparameters } },
  }
}

export interface CheckpointFacts {
  readonly id: string
  readonly job: string
  readonly model: string
  readonly createdAt: number
  readonly step: number
  readonly trainLoss: number
  readonly validLoss: number | null
}

/** `fine_tuning.job.checkpoint`; validation here is always over all of the file. */
export const writeCheckpoint = (checkpoint: CheckpointFacts): ListedObject => ({
  object: 'fine_tuning.job.checkpoint',
  id: checkpoint.id,
  created_at: toSeconds(checkpoint.createdAt),
  fine_tuned_model_checkpoint: checkpoint.model,
  fine_tuning_job_id: checkpoint.job,
  step_number: checkpoint.step,
  metrics: {
    step: checkpoint.step,
    train_loss: checkpoint.trainLoss,
    ...(checkpoint.validLoss === null
      ? {}
      : { valid_loss: checkpoint.validLoss, full_valid_loss: checkpoint.validLoss }),
  },
})
