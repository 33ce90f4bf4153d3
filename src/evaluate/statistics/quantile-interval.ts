import { binomialCdf } from './binomial-distribution.ts'
import { defaultConfidence, type Interval } from './interval.ts'

/**
 * The interval of a quantile between two order statistics, which assumes nothing about how the numbers are distributed:
 * W. J. Conover, Practical Nonparametric Statistics, 1999, §3.2; as SciPy's `quantile_test`.
 *
 * @param sorted ascending
 * @returns null when there are too few numbers: a p95 at 95 % needs 72 of them
 */
export function quantileInterval(
  sorted: ArrayLike<number>,
  share: number,
  confidence: number = defaultConfidence,
): Interval | null {
  const tail = (1 - confidence) / 2
  const low = leastCount((k) => binomialCdf(k, sorted.length, share) >= tail, sorted.length) - 1
  const high = leastCount((k) => 1 - binomialCdf(k, sorted.length, share) <= tail, sorted.length)
  const [lower, upper] = [sorted[low], sorted[high]]
  return lower === undefined || upper === undefined
    ? null
    : { lower, upper, confidence, method: 'order-statistics' }
}

/** The least k for which the monotone condition holds. */
function leastCount(holds: (k: number) => boolean, most: number): number {
  let [low, high] = [0, most]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
