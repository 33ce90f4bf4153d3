import { defaultConfidence, type Interval } from './interval.ts'
import { normalQuantile } from './normal-distribution.ts'

/**
 * Wilson's score interval for a proportion, without continuity correction: E. B. Wilson, Journal of the American
 * Statistical Association 22(158), 1927. Holds its coverage at small n and at 0 % and 100 %, where the usual
 * ± z · √(p(1 − p)/n) collapses to a point.
 *
 * @throws RangeError when `successes` of `trials` is not a count of at least one trial.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence: number = defaultConfidence,
): Interval {
  if (!(trials >= 1 && successes >= 0 && successes <= trials)) {
    throw new RangeError(`${successes} of ${trials} is not a proportion`)
  }
  const z = normalQuantile((1 + confidence) / 2)
  const share = successes / trials
  const shrink = 1 + (z * z) / trials
  const centre = (share + (z * z) / (2 * trials)) / shrink
  const half = (z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))) / shrink
  return {
    // At the ends the two terms are equal; rounding must not leave -1e-17 or 1.0000000000000002.
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === trials ? 1 : Math.min(1, centre + half),
    confidence,
    method: 'wilson',
  }
}
