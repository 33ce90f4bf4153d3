/** A rule that a candidate must keep to be promoted. Names are as the rule writes them. */
export type GateRule = ThresholdRule | BeatsRule | NotWorseRule

interface RuleSubject {
  /** The rule as it is written. */
  readonly text: string
  readonly metric: string
  /** The candidate that is to be promoted when left out. */
  readonly candidate?: string
  /** The first set, as a rule the test split, when left out. */
  readonly set?: string
  /** In (0, 1). */
  readonly confidence?: number
}

/** `json_valid >= 0.99`: on the measured value, or with a confidence on its whole interval. */
export interface ThresholdRule extends RuleSubject {
  readonly kind: 'threshold'
  readonly relation: '>=' | '>' | '<=' | '<'
  readonly limit: Quantity
}

/** `macro_f1 of tuned beats base by > 0.02`: the whole interval of the difference is beyond it. */
export interface BeatsRule extends RuleSubject {
  readonly kind: 'beats'
  /** What candidates are measured against when left out. */
  readonly baseline?: string
  /** 0 when left out. */
  readonly by?: Quantity
}

/** `refusal rate on safety not worse`: the whole interval of the difference is above −margin. */
export interface NotWorseRule extends RuleSubject {
  readonly kind: 'not-worse'
  readonly baseline?: string
  /** The smallest difference that matters when left out. */
  readonly margin?: Quantity
}

export interface Quantity {
  /** A share from 0 to 1, milliseconds, or a plain number. */
  readonly value: number
  readonly unit: 'number' | 'share' | 'milliseconds'
}
