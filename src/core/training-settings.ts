export const scheduleKinds = ['cosine', 'linear', 'constant'] as const
/** How the learning rate falls after the warm-up. */
export type ScheduleKind = (typeof scheduleKinds)[number]

export const trainingMethods = ['sft', 'dpo'] as const
/** What is learned: `sft` the answers of the records, `dpo` to prefer one answer of a pair over the other. */
export type TrainingMethod = (typeof trainingMethods)[number]

export const answerChoices = ['all', 'last'] as const
/** Which assistant turns of a conversation carry loss. */
export type AnswerChoice = (typeof answerChoices)[number]

export const adapterScalings = ['standard', 'rslora'] as const
/** The factor of an adapter's part: alpha / rank, or alpha / √rank. */
export type AdapterScaling = (typeof adapterScalings)[number]

/** Which layers carry adapters: all, or so many of those next to the output. */
export type AdaptedLayers = 'all' | number

export const gradientCheckpointings = ['none', 'activations', 'layers'] as const
/**
 * What the backward pass computes again instead of keeping it, with the same result: `activations` all but the products with
 * weights; `layers` everything between two layers.
 */
export type GradientCheckpointing = (typeof gradientCheckpointings)[number]

/** Settings of direct preference optimisation. */
export interface PreferenceSettings {
  /** How strongly the model is held to where it started: β of the paper. */
  readonly beta: number
  /** Share of pairs that are taken to be labelled the wrong way round. */
  readonly labelSmoothing: number
}

export interface EarlyStopping {
  /** A validation loss counts as better when it is lower than the best one by at least this. */
  readonly threshold: number
  /** Training ends after this many validations in a row that were not better. */
  readonly patience: number
}

/** Everything that decides what a training run computes, resolved. */
export interface TrainingSettings {
  readonly method: TrainingMethod
  /** Null where the method is not `dpo`. */
  readonly preference: PreferenceSettings | null
  readonly answers: AnswerChoice
  readonly rank: number
  readonly alpha: number
  readonly scaling: AdapterScaling
  /** Linear modules that carry an adapter. */
  readonly targets: readonly string[]
  /** Layers below the lowest of these are only computed forward. */
  readonly layers: AdaptedLayers
  /** Probability with which an element of an adapted layer's input is dropped on its way to the adapter, in training only. */
  readonly dropout: number
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
  readonly gradientCheckpointing: GradientCheckpointing
  /**
   * Compute what comes out of the layers below the lowest adapter once for each example and keep it in the job's folder. It
   * changes the last bits: the layers see other batches.
   */
  readonly activationCache: boolean
}

/** What a user set; the rest is chosen by the number and length of examples. */
export type TrainingOverrides = {
  readonly [Key in Exclude<keyof TrainingSettings, 'warmup' | 'earlyStopping' | 'preference'>]?:
    | TrainingSettings[Key]
    | undefined
} & {
  /** A share of all steps below 1, or their number. */
  readonly warmup?: number | undefined
  readonly earlyStopping?: Partial<EarlyStopping> | undefined
  readonly preference?: Partial<PreferenceSettings> | undefined
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
  /** Floating-point operations of the whole run, validation included, to estimate its time by. */
  readonly operations: number
}
