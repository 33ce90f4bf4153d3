import { z } from 'zod'
import {
  adapterScalings,
  answerChoices,
  scheduleKinds,
  trainingMethods,
  type TrainingSettings,
  gradientCheckpointings,
} from './training-settings.ts'

// What has a default was not written by the first versions, which trained so.
const settings: z.ZodType<TrainingSettings> = z.object({
  method: z.enum(trainingMethods).default('sft'),
  preference: z.object({ beta: z.number(), labelSmoothing: z.number() }).nullable().default(null),
  answers: z.enum(answerChoices).default('all'),
  rank: z.int(),
  alpha: z.number(),
  scaling: z.enum(adapterScalings).default('standard'),
  targets: z.array(z.string()),
  layers: z.union([z.literal('all'), z.int()]).default('all'),
  dropout: z.number().default(0),
  epochs: z.number(),
  maxSteps: z.int().nullable(),
  batchSize: z.int(),
  accumulate: z.int(),
  learningRate: z.number(),
  schedule: z.enum(scheduleKinds),
  warmup: z.int(),
  weightDecay: z.number(),
  beta1: z.number(),
  beta2: z.number(),
  epsilon: z.number(),
  clip: z.number(),
  seed: z.int(),
  validationEvery: z.int(),
  checkpointEvery: z.int(),
  earlyStopping: z.object({ threshold: z.number(), patience: z.int() }).nullable(),
  gradientCheckpointing: z.enum(gradientCheckpointings).default('none'),
  activationCache: z.boolean().default(false),
})

const environment: z.ZodType<TrainingEnvironment> = z.object({
  hone: z.string(),
  node: z.string(),
  runtime: z.string(),
  platform: z.string(),
  cpu: z.string(),
  threads: z.int(),
})

const dataFile: z.ZodType<JobDataFile> = z.object({
  file: z.string(),
  examples: z.int(),
  sha256: z.string(),
  parts: z.array(z.int().min(0)).exactOptional(),
})

/** `job.json`: everything that decides what a training run computes. */
export const trainingJob: z.ZodType<TrainingJob> = z.object({
  schema: z.literal(1),
  kind: z.literal('training-job'),
  id: z.string(),
  base: z.object({ id: z.string(), folder: z.string(), weights: z.string() }),
  settings,
  steps: z.int(),
  data: z.object({ training: dataFile, validation: dataFile.nullable() }),
  template: z.object({ sha256: z.string(), defaultSystemPrompt: z.string().nullable() }),
  systemPrompt: z.string().nullable().default(null),
  keepEpochs: z.int().min(0).exactOptional(),
  start: z.object({ model: z.string(), folder: z.string(), weights: z.string() }).nullable().default(null),
  environment,
  createdAt: z.string(),
})

/** What the bits of a result depend on beside the job itself. */
export interface TrainingEnvironment {
  readonly hone: string
  readonly node: string
  readonly runtime: string
  readonly platform: string
  readonly cpu: string
  readonly threads: number
}

/** Where a run that continues a tuned model comes from. Its adapter is copied into the job's folder. */
export interface TrainingStart {
  readonly model: string
  readonly folder: string
  /** SHA-256 of the adapter's weight file. */
  readonly weights: string
}

export interface JobDataFile {
  /** Relative to the job's folder; one example a line. */
  readonly file: string
  readonly examples: number
  /** SHA-256 of the file's bytes. */
  readonly sha256: string
  /** Examples of each of the files that it was joined of, in order; absent for one file. */
  readonly parts?: readonly number[]
}

export interface TrainingJob {
  readonly schema: 1
  readonly kind: 'training-job'
  /** Id of the model that comes of it. */
  readonly id: string
  readonly base: {
    readonly id: string
    readonly folder: string
    /** Hash of the weights. */ readonly weights: string
  }
  readonly settings: TrainingSettings
  /** Optimizer steps of the whole run. */
  readonly steps: number
  readonly data: { readonly training: JobDataFile; readonly validation: JobDataFile | null }
  readonly template: { readonly sha256: string; readonly defaultSystemPrompt: string | null }
  /** What every training record has for a system prompt; null where they have none, or differ. */
  readonly systemPrompt: string | null
  /** How many adapters of epochs' ends stay in the job's folder beside the best and the last one. Default 0. */
  readonly keepEpochs?: number
  /** The tuned model whose adapter training starts from; null for a fresh adapter. */
  readonly start: TrainingStart | null
  readonly environment: TrainingEnvironment
  readonly createdAt: string
}

/** `manifest.json` of a tuned model: its job, and how it went. */
export interface TunedManifest extends Omit<TrainingJob, 'kind' | 'createdAt'> {
  readonly kind: 'tuned'
  /** Folder of the adapter in use, relative to the model's; the last one lies beside it. */
  readonly adapter: string
  readonly bestStep: number
  readonly stepsDone: number
  readonly metrics: {
    readonly firstLoss: number | null
    readonly lastLoss: number | null
    readonly bestValidationLoss: number | null
    /** Of each part of the validation data, at the step of that loss. */
    readonly bestPartLosses?: readonly number[]
  }
  /** Seconds spent in training steps, interruptions not counted. */
  readonly trainingSeconds: number
  readonly createdAt: string
}

/** `manifest.json` of a model whose adapter was not trained here. */
export interface ImportedManifest {
  readonly schema: 1
  readonly kind: 'tuned'
  readonly id: string
  readonly base: TrainingJob['base']
  /** Folder of the adapter, relative to the model's. */
  readonly adapter: string
  readonly imported: ImportedAdapter
  readonly systemPrompt: null
  readonly stepsDone: 0
  readonly bestStep: 0
  readonly metrics: { readonly bestValidationLoss: null }
  readonly createdAt: string
}

export interface ImportedAdapter {
  /** Folder that it was taken from. */
  readonly from: string
  /** SHA-256 of its weights file. */
  readonly sha256: string
  /** What the adapter itself calls its base; null where it does not. */
  readonly trainedOn: string | null
}
