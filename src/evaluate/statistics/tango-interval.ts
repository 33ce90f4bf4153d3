import { defaultConfidence, type Interval } from './interval.ts'
import { normalQuantile } from './normal-distribution.ts'

/**
 * Tango's score interval for the difference of two proportions measured on the same rows: T. Tango, "Equivalence test
 * and confidence interval for the difference in proportions for the paired-sample design", Statistics in Medicine
 * 17(8), 1998. It is the set of differences that a score test would not reject, so it agrees with McNemar's test
 * about zero, and it keeps a width when no row differs.
 *
 * @param gained rows that only the second gets right
 * @param lost rows that only the first gets right
 * @param pairs all rows
 * @returns the interval of (gained − lost) / pairs
 * @throws RangeError when the counts do not fit together
 */
export function tangoInterval(
  gained: number,
  lost: number,
  pairs: number,
  confidence: number = defaultConfidence,
): Interval {
  if (!(pairs >= 1 && gained >= 0 && lost >= 0 && gained + lost <= pairs)) {
    throw new RangeError(`${gained} gained and ${lost} lost do not fit into ${pairs} pairs`)
  }
  const z = normalQuantile((1 + confidence) / 2)
  const observed = (gained - lost) / pairs
  const statistic = (difference: number): number => tangoScore(gained, lost, pairs, difference)
  return {
    lower: observed === -1 ? -1 : crossing(statistic, z, -1, observed),
    upper: observed === 1 ? 1 : crossing(statistic, -z, observed, 1),
    confidence,
    method: 'tango',
  }
}

/** Tango's equation 4: the score statistic of a hypothetical difference; it falls from +∞ to −∞ over (−1, 1). */
export function tangoScore(gained: number, lost: number, pairs: number, difference: number): number {
  const a = 2 * pairs
  const b = -gained - lost + (2 * pairs - gained + lost) * difference
  const c = -lost * difference * (1 - difference)
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c))
  // The likeliest share of lost rows under that difference; the second form avoids cancellation.
  const share = b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a)
  const variance = pairs * (2 * share + difference * (1 - difference))
  const distance = gained - lost - pairs * difference
  if (variance > 0) return distance / Math.sqrt(variance)
  return distance === 0 ? 0 : Math.sign(distance) * Infinity
}

/** Where the falling function meets the level, by halving until two doubles are neighbours. */
function crossing(falling: (x: number) => number, level: number, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) break
    if (falling(middle) > level) low = middle
    else high = middle
  }
  return (low + high) / 2
}
