import { normalCdf } from './normal-distribution.ts'
import { tangoScore } from './tango-interval.ts'

/**
 * One-sided p-value against "the share of right rows fell by `margin` or more", on the same rows: Tango's score test
 * (Statistics in Medicine 17(8), 1998), the one behind `tangoInterval`.
 *
 * @param margin in (0, 1)
 */
export function proportionNonInferiority(
  gained: number,
  lost: number,
  pairs: number,
  margin: number,
): number {
  return 1 - normalCdf(tangoScore(gained, lost, pairs, -margin))
}

/**
 * The same for a difference that was resampled: how often the replicates fall below −margin.
 *
 * @param replicates of the difference, positive for better
 */
export function bootstrapNonInferiority(replicates: Float64Array, margin: number): number {
  const known = replicates.filter((value) => !Number.isNaN(value))
  return (known.filter((value) => value <= -margin).length + 1) / (known.length + 1)
}
