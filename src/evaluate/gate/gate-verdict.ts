import type { Interval } from '../statistics/interval.ts'

/** Whether a candidate may be promoted, and why. */
export interface GateVerdict {
  readonly schema: 1
  /** `promoted` when every rule passes, `not promoted` when one fails, else `not enough data`. */
  readonly verdict: 'promoted' | 'not promoted' | 'not enough data'
  readonly candidate: string
  readonly baseline: string
  readonly rules: readonly RuleVerdict[]
}

export interface RuleVerdict {
  /** The rule as it is written. */
  readonly rule: string
  readonly outcome: 'pass' | 'fail' | 'not enough data'
  /** In words, with the numbers that decided. */
  readonly reason: string
  /** Id of the figure. */
  readonly figure: string
  readonly set: string
  readonly candidate: string
  /** What the candidate was compared with; absent for a threshold. */
  readonly baseline?: string
  /** The figure, or for a comparison its difference. Null when nothing was measured. */
  readonly value: number | null
  readonly interval: Interval | null
  /** Rows that it rests on. */
  readonly rows: number
  /** Groups of rows, where rows are grouped. */
  readonly groups?: number
  /** About how many more rows would decide it, where more would. */
  readonly moreRows?: number
}
