/** A confidence interval, and how it was computed. */
export interface Interval {
  readonly lower: number
  readonly upper: number
  /** Nominal coverage, 0.95 unless told. */
  readonly confidence: number
  readonly method: 'wilson' | 'tango' | 'bca'
}

export const defaultConfidence = 0.95
