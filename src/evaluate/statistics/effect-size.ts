import { clopperPearsonInterval } from './clopper-pearson-interval.ts'
import { defaultConfidence, type Interval } from './interval.ts'

/** Cohen's h of two proportions, second against first: J. Cohen, Statistical Power Analysis, 1988, §6.2. 0.2 is small, 0.8 large. */
export const cohensH = (first: number, second: number): number =>
  2 * Math.asin(Math.sqrt(second)) - 2 * Math.asin(Math.sqrt(first))

export interface OddsRatio {
  /** Infinity when no row was lost; NaN when none differs. */
  readonly value: number
  /** Null when no row differs. */
  readonly interval: Interval | null
}

/**
 * How many rows were gained for each that was lost, with the exact interval that the binomial distribution of the
 * discordant rows gives: A. Agresti, Categorical Data Analysis, 2013, §11.1.
 */
export function discordantOddsRatio(
  gained: number,
  lost: number,
  confidence: number = defaultConfidence,
): OddsRatio {
  if (gained + lost === 0) return { value: Number.NaN, interval: null }
  const share = clopperPearsonInterval(gained, gained + lost, confidence)
  return {
    value: gained / lost,
    interval: { ...share, lower: odds(share.lower), upper: odds(share.upper) },
  }
}

const odds = (probability: number): number => probability / (1 - probability)

/** Cohen's d of paired rows (d_z): the mean difference in standard deviations of the differences; NaN without spread. */
export function pairedD(differences: Float64Array): number {
  const mean = meanOf(differences)
  const deviation = standardDeviation(differences)
  return deviation === 0 ? Number.NaN : mean / deviation
}

/**
 * Cliff's delta: how much more often a number of the second list is above one of the first than below it, over all pairs of
 * numbers. N. Cliff, Psychological Bulletin 114(3), 1993.
 */
export function cliffsDelta(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const sorted = Float64Array.from(first).toSorted()
  let sum = 0
  let [below, upTo] = [0, 0]
  for (const value of Float64Array.from(second).toSorted()) {
    while (below < sorted.length && sorted[below]! < value) below++
    while (upTo < sorted.length && sorted[upTo]! <= value) upTo++
    sum += below - (sorted.length - upTo)
  }
  return sum / (sorted.length * second.length)
}

/** With n − 1; 0 for fewer than two numbers. */
function standardDeviation(numbers: Float64Array): number {
  if (numbers.length < 2) return 0
  const mean = meanOf(numbers)
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  // What rounding leaves of numbers that are all the same.
  return squares <= 1e-24 * numbers.length * mean * mean ? 0 : Math.sqrt(squares / (numbers.length - 1))
}

const meanOf = (numbers: Float64Array): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length
