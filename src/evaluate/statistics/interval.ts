/** A confidence interval, and how it was computed. */
export interface Interval {
  readonly lower: number
  readonly upper: number
  /** Nominal coverage, 0.95 unless told. */
  readonly confidence: number
  readonly method: 'wilson' | 'clopper-pearson' | 'tango' | 'bca' | 'order-statistics'
}

export const defaultConfidence = 0.95
