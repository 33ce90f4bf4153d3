import { binomialCdf, binomialSurvival } from './binomial-distribution.ts'
import { defaultConfidence, type Interval } from './interval.ts'

/**
 * The exact interval of a proportion: C. J. Clopper and E. S. Pearson, Biometrika 26(4), 1934. Covers at least as often
 * as it says at every n and is therefore wider than Wilson's.
 *
 * @throws RangeError when `successes` of `trials` is not a count of at least one trial.
 */
export function clopperPearsonInterval(
  successes: number,
  trials: number,
  confidence: number = defaultConfidence,
): Interval {
  if (!(trials >= 1 && successes >= 0 && successes <= trials)) {
    throw new RangeError(`${successes} of ${trials} is not a proportion`)
  }
  const tail = (1 - confidence) / 2
  const share = successes / trials
  return {
    lower: successes === 0 ? 0 : rootOf((p) => binomialSurvival(successes, trials, p) - tail, 0, share),
    upper: successes === trials ? 1 : rootOf((p) => tail - binomialCdf(successes, trials, p), share, 1),
    confidence,
    method: 'clopper-pearson',
  }
}

/** Where a rising function is zero, by halving until two doubles are neighbours. */
function rootOf(rising: (p: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) break
    if (rising(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
