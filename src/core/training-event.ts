/** How a preference method does on its pairs. */
export interface PreferenceMetrics {
  /** Mean of β · (log-ratio of the preferred answer − log-ratio of the other), each against the starting point. */
  readonly rewardMargin: number
  /** Share of pairs whose margin is above 0. */
  readonly rewardAccuracy: number
}

/** One optimizer step, as it goes into the metrics. */
export interface StepMetrics extends Partial<PreferenceMetrics> {
  /** Counted from 1. */
  readonly step: number
  /** Counted from 1. */
  readonly epoch: number
  /** Mean −log p per trained token, or the mean preference loss of a pair, by the records' weights; before the update. */
  readonly loss: number
  readonly learningRate: number
  /** Length of the gradient before clipping. */
  readonly gradientNorm: number
}

export interface ValidationMetrics extends Partial<PreferenceMetrics> {
  /** Optimizer steps made before it. */
  readonly step: number
  readonly epoch: number
  /** As that of a step. */
  readonly loss: number
  /** The same of each part of the validation data, in order, where they consist of several. */
  readonly partLosses?: readonly number[]
}

export type TrainingEvent =
  | { readonly type: 'resumed'; readonly step: number }
  /** A checkpoint that cannot be read was put aside; training goes on from an older one, or starts anew. */
  | { readonly type: 'checkpoint-damaged'; readonly file: string; readonly reason: string }
  /** Log-probabilities of the pairs at the starting point, computed once. */
  | { readonly type: 'reference'; readonly done: number; readonly total: number }
  /** What the layers below the lowest adapter give, computed once; of sequences, of which a pair has two. */
  | { readonly type: 'activations'; readonly done: number; readonly total: number }
  | (StepMetrics & {
      readonly type: 'step'
      readonly steps: number
      readonly examplesPerSecond: number
      /** Real tokens of the examples, computed or shared. */
      readonly tokensPerSecond: number
      readonly secondsLeft: number
      /** Resident memory of the process. */
      readonly memoryBytes: number
    })
  | (ValidationMetrics & { readonly type: 'validation'; readonly best: boolean })
  | { readonly type: 'checkpoint'; readonly step: number }
  /** The adapter of an epoch's end was written, where a job keeps those. */
  | { readonly type: 'epoch'; readonly step: number; readonly epoch: number }
  | { readonly type: 'early-stop'; readonly step: number; readonly bestStep: number }
