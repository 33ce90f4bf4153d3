/** A row whose label other rows speak against. */
export interface LabelIssue {
  readonly row: number
  /** The class that it is confidently counted to. */
  readonly suggested: number
}

/** Rounding must not decide whether a probability reaches the mean that it is part of. */
const tolerance = 1e-6

/**
 * For each class, the mean probability that rows with its label give it: what "confident" means for that class.
 *
 * @param labels class of each row
 * @param probabilities `[row][class]`, of a model that has not seen the row's label
 */
export function confidenceThresholds(
  labels: readonly number[],
  probabilities: readonly ArrayLike<number>[],
  classes: number,
): Float64Array {
  const sums = new Float64Array(classes)
  const counts = new Float64Array(classes)
  labels.forEach((label, row) => {
    sums[label]! += probabilities[row]![label]!
    counts[label]! += 1
  })
  // Nothing is confidently of a class that no row has.
  return sums.map((sum, label) => (counts[label] === 0 ? Number.POSITIVE_INFINITY : sum / counts[label]!))
}

/**
 * Confident learning: a row is counted to the likeliest class whose threshold its probability reaches, and is an issue where that is
 * not its label, nor its label the likeliest of all. C. Northcutt, L. Jiang, I. Chuang, "Confident learning: estimating uncertainty in
 * dataset labels", Journal of Artificial Intelligence Research 70, 2021.
 *
 * @param probabilities `[row][class]`, of a model that has not seen the row's label
 */
export function labelIssues(
  labels: readonly number[],
  probabilities: readonly ArrayLike<number>[],
  classes: number,
): LabelIssue[] {
  const thresholds = confidenceThresholds(labels, probabilities, classes)
  return labels.flatMap((label, row): LabelIssue[] => {
    const own = probabilities[row]!
    let [likeliest, confident] = [0, -1]
    for (let each = 0; each < classes; each++) {
      if (own[each]! > own[likeliest]!) likeliest = each
      const isConfident = own[each]! >= thresholds[each]! - tolerance
      if (isConfident && (confident < 0 || own[each]! > own[confident]!)) confident = each
    }
    if (confident < 0 || confident === label || own[label]! >= own[likeliest]!) return []
    return [{ row, suggested: confident }]
  })
}

/** From 0 for a label that another class surely is, to 1 for one that is surely right. */
export function labelMargin(probabilities: ArrayLike<number>, label: number): number {
  let other = 0
  for (let each = 0; each < probabilities.length; each++) {
    if (each !== label) other = Math.max(other, probabilities[each]!)
  }
  return (probabilities[label]! - other + 1) / 2
}
