import { binomialProbability } from './binomial-distribution.ts'
import { exactSignTest } from './exact-sign-test.ts'

export interface McNemarTest {
  /** Exact: at most the nominal rate of false alarms, often far less. */
  readonly pValue: number
  /** Mid-p: near the nominal rate, and so more often right about true differences. */
  readonly midP: number
}

/**
 * McNemar's test on the rows that only one of two candidates gets right, exact and as mid-p: M. W. Fagerland,
 * S. Lydersen, P. Laake, "The McNemar test for binary matched-pairs data", BMC Medical Research Methodology 13:91, 2013.
 */
export function mcNemarTest(gained: number, lost: number): McNemarTest {
  const pValue = exactSignTest(gained, lost)
  const observed = binomialProbability(Math.min(gained, lost), gained + lost, 0.5)
  return { pValue, midP: gained === lost ? 1 - observed / 2 : pValue - observed }
}
