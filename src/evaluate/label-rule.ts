import { chooseTau, labelShares, type LabelShares, type ScoredRow } from './decide-label.ts'

/** How the probabilities of a task's labels decide, as a file: `decideLabel` with these numbers. */
export interface LabelRule {
  /** 0 takes the likeliest label. */
  readonly tau: number
  /** Shares of the labels in the training data; none are needed with τ = 0. */
  readonly shares: readonly { readonly label: string; readonly share: number }[]
  /** The rows that τ was chosen on, and their macro-F1 with it; null where nothing was chosen. Never rows of the test split. */
  readonly chosenOn: { readonly split: string; readonly rows: number; readonly macroF1: number } | null
}

/** The label of the greatest probability. */
export const likeliestRule: LabelRule = { tau: 0, shares: [], chosenOn: null }

export const sharesOf = ({ shares }: LabelRule): LabelShares =>
  new Map(shares.map(({ label, share }) => [label, share]))

/**
 * The correction that scores best on rows of a split that is not tested.
 *
 * @param trained the label of each training record
 * @throws RangeError without a row
 */
export function correctedRule(
  trained: readonly string[],
  { split, rows }: { readonly split: string; readonly rows: readonly ScoredRow[] },
): LabelRule {
  const shares = labelShares(trained)
  const { tau, score } = chooseTau(rows, shares)
  return {
    tau,
    shares: [...shares].map(([label, share]) => ({ label, share })),
    chosenOn: { split, rows: rows.length, macroF1: score },
  }
}
