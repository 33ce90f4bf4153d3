import { defaultConfidence, type Interval } from './interval.ts'
import { normalCdf, normalQuantile } from './normal-distribution.ts'
import { quantile } from './quantile.ts'

/** An estimate, what resamples made of it, and what it is without parts of the data. */
export interface Replicates {
  readonly estimate: number
  /** One number for each resample; NaN where the resample had nothing to measure. */
  readonly values: Float64Array
  /** The estimate without each unit in turn; empty where that says nothing, as for a quantile. */
  readonly leftOut: Float64Array
  /** How many units each value of `leftOut` stands for; one each when left out. */
  readonly multiplicities?: Float64Array
}

/**
 * The bias-corrected and accelerated interval of an estimate from its bootstrap replicates and its jackknife values:
 * B. Efron, "Better bootstrap confidence intervals", Journal of the American Statistical Association 82(397), 1987. Ties
 * with the estimate count half in the bias correction, as in SciPy.
 *
 * @returns null when every resample gives the same number (all rows right, say): the rows then say nothing about spread
 */
export function bcaInterval(
  { estimate, values, leftOut, multiplicities }: Replicates,
  confidence: number = defaultConfidence,
): Interval | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted()
  const lowest = sorted[0] ?? estimate
  const highest = sorted.at(-1) ?? estimate
  if (!(highest - lowest > 1e-12 * Math.max(1, Math.abs(estimate)))) return null
  const below = (countBelow(sorted, estimate, false) + countBelow(sorted, estimate, true)) / 2
  // A statistic at the edge of its replicates has no finite correction; half a replicate beyond it has.
  const share = Math.min(Math.max(below, 0.5), sorted.length - 0.5) / sorted.length
  const bias = normalQuantile(share)
  const acceleration = accelerationOf(leftOut, multiplicities)
  const end = (tail: number): number => {
    const shifted = bias + normalQuantile(tail)
    return quantile(sorted, normalCdf(bias + shifted / Math.max(1 - acceleration * shifted, 1e-9)))
  }
  const tail = (1 - confidence) / 2
  return { lower: end(tail), upper: end(1 - tail), confidence, method: 'bca' }
}

/** Skewness of the jackknife values over six: Efron 1987, equation 6.6. */
function accelerationOf(values: Float64Array, multiplicities: Float64Array | undefined): number {
  let [count, mean, squares, cubes] = [0, 0, 0, 0]
  const timesOf = (at: number): number => multiplicities?.[at] ?? 1
  values.forEach((value, at) => {
    if (Number.isNaN(value)) return
    count += timesOf(at)
    mean += timesOf(at) * value
  })
  mean /= count
  values.forEach((value, at) => {
    if (Number.isNaN(value)) return
    squares += timesOf(at) * (mean - value) ** 2
    cubes += timesOf(at) * (mean - value) ** 3
  })
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

/** How many sorted numbers are below the limit (or equal to it). */
function countBelow(sorted: Float64Array, limit: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = sorted[middle] ?? 0
    if (value < limit || (orEqual && value === limit)) low = middle + 1
    else high = middle
  }
  return low
}
