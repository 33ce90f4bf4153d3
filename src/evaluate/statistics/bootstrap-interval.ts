import type { Random } from '../../lib/random.ts'
import { bcaInterval } from './bca-interval.ts'
import type { Interval } from './interval.ts'

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
 * Bias-corrected and accelerated bootstrap interval of any statistic. Rows are drawn with replacement, so a statistic of
 * pairs stays paired. Takes time for each row of each resample; `bootstrapFigures` is faster where rows can be summed.
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
  const leftOut = jackknife(rowCount, statistic)
  return bcaInterval({ estimate: statistic(all), values: replicates, leftOut }, options.confidence)
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
