/**
 * Cohen's kappa of two raters: agreement beyond what chance would give, over what is left beyond chance. Weights say how bad a
 * disagreement of several categories is: `quadratic` for ordered ones. J. Cohen, Educational and Psychological Measurement
 * 20(1), 1960; Psychological Bulletin 70(4), 1968.
 *
 * @param first categories as whole numbers; of ordered ones, their places
 * @returns NaN when neither rater ever changes their mind
 */
export function raterKappa(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  weights: 'none' | 'quadratic' = 'none',
): number {
  const rows = first.length
  const costOf = (a: number, b: number): number => (weights === 'none' ? Number(a !== b) : (a - b) ** 2)
  let seen = 0
  for (let row = 0; row < rows; row++) seen += costOf(first[row]!, second[row]!)
  const [before, after] = [tally(first), tally(second)]
  let expected = 0
  for (const [a, times] of before) {
    for (const [b, others] of after) expected += (times * others * costOf(a, b)) / rows
  }
  return expected === 0 ? Number.NaN : 1 - seen / expected
}

/** Spearman's rank correlation; equal values share their mean rank. NaN when either is constant. */
export function rankCorrelation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const [a, b] = [ranks(first), ranks(second)]
  const middle = (a.length + 1) / 2
  let [together, ofA, ofB] = [0, 0, 0]
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [a[row]! - middle, b[row]! - middle]
    together += x * y
    ofA += x * x
    ofB += y * y
  }
  return together / Math.sqrt(ofA * ofB)
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, at) => at).toSorted((a, b) => values[a]! - values[b]!)
  const found = new Float64Array(order.length)
  for (let from = 0; from < order.length;) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let at = from; at < to; at++) found[order[at]!] = (from + 1 + to) / 2
    from = to
  }
  return found
}

function tally(values: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>()
  for (let at = 0; at < values.length; at++) counts.set(values[at]!, (counts.get(values[at]!) ?? 0) + 1)
  return counts
}
