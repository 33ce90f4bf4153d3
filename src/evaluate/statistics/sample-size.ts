import { defaultConfidence } from './interval.ts'
import { normalQuantile } from './normal-distribution.ts'

/** What a comparison shall be able to show. */
export interface PowerOptions {
  /** Default 0.95. */
  readonly confidence?: number
  /** The chance that a true difference of that size is shown. Default 0.8. */
  readonly power?: number
}

/**
 * Rows that McNemar's test needs to show a difference: R. J. Connor, "Sample size for testing differences in proportions
 * for the paired-sample design", Biometrics 43(1), 1987.
 *
 * @param difference of the shares of right rows, not 0
 * @param discordant share of rows that only one gets right; at least as large as the difference
 */
export function pairsNeeded(difference: number, discordant: number, options: PowerOptions = {}): number {
  const [level, power] = quantiles(options)
  const size = Math.abs(difference)
  const share = Math.max(size, discordant)
  return ((level * Math.sqrt(share) + power * Math.sqrt(share - size * size)) / size) ** 2
}

/**
 * Rows that a paired difference of any figure needs.
 *
 * @param deviation standard deviation of the difference of one row: the standard error times the root of the rows
 */
export function rowsNeeded(difference: number, deviation: number, options: PowerOptions = {}): number {
  const [level, power] = quantiles(options)
  return (((level + power) * deviation) / difference) ** 2
}

/** The smallest difference that so many rows would probably show. */
export function detectableDifference(rows: number, deviation: number, options: PowerOptions = {}): number {
  const [level, power] = quantiles(options)
  return ((level + power) * deviation) / Math.sqrt(rows)
}

/** The smallest difference in shares of right rows that so many pairs would probably show; 1 when there is none. */
export function detectableShare(pairs: number, discordant: number, options: PowerOptions = {}): number {
  let [low, high] = [0, 1]
  if (pairsNeeded(1, 1, options) > pairs) return 1
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (pairsNeeded(middle, discordant, options) > pairs) low = middle
    else high = middle
  }
  return high
}

const quantiles = ({ confidence = defaultConfidence, power = 0.8 }: PowerOptions): [number, number] => [
  normalQuantile((1 + confidence) / 2),
  normalQuantile(power),
]
