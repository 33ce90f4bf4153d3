import type { Random } from '../../lib/random.ts'
import { defaultConfidence, type Interval } from './interval.ts'
import { normalCdf, normalQuantile } from './normal-distribution.ts'
import { quantile } from './quantile.ts'

/** A number computed from a sample of rows, which are given by their positions; a position may occur repeatedly. */
export type SampleStatistic = (rows: Uint32Array) => number

export interface BootstrapOptions {
  readonly random: Random
  /** Default 10,000. */
  readonly resamples?: number
  /** Default 0.95. */
  readonly confidence?: number
}

export const defaultResamples = 10_000

/**
 * Bias-corrected and accelerated bootstrap interval: B. Efron, "Better bootstrap confidence intervals", Journal of the
 * American Statistical Association 82(397), 1987. Rows are drawn with replacement, so a statistic of pairs stays paired.
 *
 * @returns null when every resample gives the same number (all rows right, say): the rows then say nothing about spread
 * @throws RangeError when there is no row
 */
export function bootstrapInterval(
  rowCount: number,
  statistic: SampleStatistic,
  options: BootstrapOptions,
): Interval | null {
  if (rowCount < 1) throw new RangeError('a bootstrap needs at least one row')
  const replicates = new Float64Array(options.resamples ?? defaultResamples)
  const sample = new Uint32Array(rowCount)
  for (let at = 0; at < replicates.length; at++) {
    for (let row = 0; row < rowCount; row++) sample[row] = options.random.integer(rowCount)
    replicates[at] = statistic(sample)
  }
  const all = Uint32Array.from({ length: rowCount }, (_, row) => row)
  return bcaInterval(statistic(all), replicates, jackknife(rowCount, statistic), options.confidence)
}

/** The statistic without each row in turn. */
function jackknife(rowCount: number, statistic: SampleStatistic): Float64Array {
  const left = Uint32Array.from({ length: rowCount - 1 }, (_, row) => row + 1)
  const values = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    values[row] = statistic(left)
    left[row] = row
  }
  return values
}

/**
 * The BCa interval of an estimate from its bootstrap replicates and its jackknife values. Ties with the estimate count
 * half in the bias correction, as in SciPy.
 */
function bcaInterval(
  estimate: number,
  replicates: Float64Array,
  jackknifed: Float64Array,
  confidence: number = defaultConfidence,
): Interval | null {
  const sorted = replicates.toSorted()
  const lowest = sorted[0] ?? estimate
  const highest = sorted.at(-1) ?? estimate
  if (highest - lowest <= 1e-12 * Math.max(1, Math.abs(estimate))) return null
  const below = (countBelow(sorted, estimate, false) + countBelow(sorted, estimate, true)) / 2
  // A statistic at the edge of its replicates has no finite correction; half a replicate beyond it has.
  const share = Math.min(Math.max(below, 0.5), sorted.length - 0.5) / sorted.length
  const bias = normalQuantile(share)
  const acceleration = accelerationOf(jackknifed)
  const end = (tail: number): number => {
    const shifted = bias + normalQuantile(tail)
    return quantile(sorted, normalCdf(bias + shifted / Math.max(1 - acceleration * shifted, 1e-9)))
  }
  const tail = (1 - confidence) / 2
  return { lower: end(tail), upper: end(1 - tail), confidence, method: 'bca' }
}

/** Skewness of the jackknife values over six: Efron 1987, equation 6.6. */
function accelerationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (mean - value) ** 2, 0)
  const cubes = values.reduce((sum, value) => sum + (mean - value) ** 3, 0)
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
