export const scheduleKinds = ['cosine', 'linear', 'constant'] as const
/** How the learning rate falls after the warm-up. */
export type ScheduleKind = (typeof scheduleKinds)[number]

export interface EarlyStopping {
  /** A validation loss counts as better when it is lower than the best one by at least this. */
  readonly threshold: number
  /** Training ends after this many validations in a row that were not better. */
  readonly patience: number
}

/** Everything that decides what a training run computes, resolved. */
export interface TrainingSettings {
  readonly rank: number
  readonly alpha: number
  /** Linear modules that carry an adapter. */
  readonly targets: readonly string[]
  readonly epochs: number
  /** Upper bound of optimizer steps; the epochs may end before. */
  readonly maxSteps: number | null
  /** Examples that are computed together. */
  readonly batchSize: number
  /** Batches per optimizer step. */
  readonly accumulate: number
  readonly learningRate: number
  readonly schedule: ScheduleKind
  /** Optimizer steps. */
  readonly warmup: number
  readonly weightDecay: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Longest gradient that is used as it is; 0 for no limit. */
  readonly clip: number
  readonly seed: number
  /** Optimizer steps between validations. */
  readonly validationEvery: number
  /** Optimizer steps between checkpoints. */
  readonly checkpointEvery: number
  readonly earlyStopping: EarlyStopping | null
}

/** What a user set; the rest is chosen by the number and length of examples. */
export type TrainingOverrides = {
  readonly [Key in Exclude<keyof TrainingSettings, 'warmup' | 'earlyStopping'>]?:
    | TrainingSettings[Key]
    | undefined
} & {
  /** A share of all steps below 1, or their number. */
  readonly warmup?: number | undefined
  readonly earlyStopping?: Partial<EarlyStopping> | undefined
}

/** What a training run will be, before it starts. */
export interface TrainingPlan {
  readonly settings: TrainingSettings
  /** Why each setting has its value, in the order of the settings. */
  readonly reasons: Readonly<Record<keyof TrainingSettings, string>>
  /** Optimizer steps of the whole run. */
  readonly steps: number
  readonly trainableParameters: number
  readonly baseParameters: number
  /** Expected memory of the training process at its peak. */
  readonly peakBytes: number
}
