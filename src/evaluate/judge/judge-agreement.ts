import { createRandom } from '../../lib/random.ts'
import { bcaInterval } from '../statistics/bca-interval.ts'
import { bootstrapFigures } from '../statistics/bootstrap-figures.ts'
import type { Interval } from '../statistics/interval.ts'
import { sampleFigure } from '../statistics/sample-figure.ts'
import { rankCorrelation, raterKappa } from '../statistics/rater-agreement.ts'

interface Agreed {
  /** Null where one of the two gave every case the same. */
  readonly value: number | null
  /** 95 %, BCa bootstrap over cases. */
  readonly interval: Interval | null
}

/** How far a judge agrees with people. */
export interface JudgeAgreement {
  /** Cases that both rated. */
  readonly cases: number
  /** Cases on which the judge's reply could not be read. */
  readonly unread: number
  /** Share of cases that both rate the same. */
  readonly same: number
  /** Cohen's kappa; of scores with quadratic weights. */
  readonly kappa: Agreed
  /** Spearman's correlation; of scores only. */
  readonly spearman: Agreed | null
}

/** Whether what a judge says may decide anything, and why. */
export interface JudgeStanding {
  readonly standing: 'verified' | 'unverified' | 'disagrees'
  readonly why: string
  readonly agreement: JudgeAgreement | null
}

/** Fewer cases say next to nothing about agreement. */
const fewestRatings = 20

const resamples = 2_000

/**
 * How far a judge's ratings agree with people's.
 *
 * @param human scores, or for preferences −1, 0 and 1
 * @param judge the same; NaN where the reply could not be read
 */
export function judgeAgreement(
  human: readonly number[],
  judge: readonly number[],
  kind: 'scores' | 'preferences',
  seed: number | string,
): JudgeAgreement | null {
  const read = [...judge.keys()].filter((at) => !Number.isNaN(judge[at]!))
  if (read.length === 0) return null
  const pairs = read.map((at) => [human[at]!, judge[at]!] as const)
  const weights = kind === 'scores' ? 'quadratic' : 'none'
  const agreed = (name: string, measure: (a: number[], b: number[]) => number): Agreed => {
    const of = (rows: Iterable<number>): number => {
      const list = Array.from(rows, (row) => pairs[row]!)
      return measure(
        list.map(([each]) => each),
        list.map(([, each]) => each),
      )
    }
    const value = of(pairs.keys())
    if (Number.isNaN(value)) return { value: null, interval: null }
    const random = createRandom(seed).fork(`agreement/${kind}/${name}`)
    const [replicates] = bootstrapFigures([sampleFigure(pairs.length, of)], { random, resamples })
    return { value, interval: bcaInterval(replicates!) }
  }
  return {
    cases: pairs.length,
    unread: judge.length - pairs.length,
    same: pairs.filter(([a, b]) => a === b).length / pairs.length,
    kappa: agreed('kappa', (a, b) => raterKappa(a, b, weights)),
    spearman: kind === 'scores' ? agreed('spearman', rankCorrelation) : null,
  }
}

/**
 * A judge is verified when people rated enough cases, its kappa with them reaches what is asked, and its interval is above 0.
 *
 * @param least smallest kappa that counts as agreement
 */
export function judgeStanding(agreement: JudgeAgreement | null, least: number): JudgeStanding {
  if (agreement === null) {
    return { standing: 'unverified', why: 'no ratings of people to compare it with', agreement }
  }
  const { cases, kappa } = agreement
  if (cases < fewestRatings) {
    const why = `people rated ${cases} cases, ${fewestRatings} are needed`
    return { standing: 'unverified', why, agreement }
  }
  if (kappa.value === null) {
    return { standing: 'unverified', why: 'people, or the judge, rated all cases the same', agreement }
  }
  const text = `kappa ${kappa.value.toFixed(2)} with people on ${cases} cases`
  if (kappa.value < least) {
    return { standing: 'disagrees', why: `${text}, ${least} is asked`, agreement }
  }
  if (kappa.interval !== null && kappa.interval.lower <= 0) {
    return { standing: 'disagrees', why: `${text}, which may be chance`, agreement }
  }
  return { standing: 'verified', why: text, agreement }
}
