/** One optimizer step, as it goes into the metrics. */
export interface StepMetrics {
  /** Counted from 1. */
  readonly step: number
  /** Counted from 1. */
  readonly epoch: number
  /** Mean −log p per trained token, before the update. */
  readonly loss: number
  readonly learningRate: number
  /** Length of the gradient before clipping. */
  readonly gradientNorm: number
}

export interface ValidationMetrics {
  /** Optimizer steps made before it. */
  readonly step: number
  readonly epoch: number
  /** Mean −log p per trained token. */
  readonly loss: number
}

export type TrainingEvent =
  | { readonly type: 'resumed'; readonly step: number }
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
  | { readonly type: 'early-stop'; readonly step: number; readonly bestStep: number }
