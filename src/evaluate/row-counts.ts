/**
 * What each row adds to counts, from which a score is computed (sufficient statistics): hits, answers and rows of each label for
 * a macro-F1, matches and lengths for a corpus BLEU. Leaving a row out, or counting it twice, needs no look at the others. Kept
 * sparse: a row adds to a few counts out of many.
 */
export interface RowCounts {
  /** How many counts there are. */
  readonly width: number
  /** `[column][row]`: which count the row adds to, -1 for none. */
  readonly slots: readonly Int32Array[]
  /** `[column][row]`: how much it adds; 1 when left out. */
  readonly amounts?: readonly Float64Array[]
  /** The score of the summed counts `[width]`; NaN when nothing is measured. May not change its argument. */
  readonly value: (totals: Float64Array) => number
}
