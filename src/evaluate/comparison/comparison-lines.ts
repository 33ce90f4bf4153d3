import { displayWidth } from '../../lib/display-width.ts'
import { printableText } from '../../lib/printable-text.ts'
import type { CandidateResult, EvaluatedMetric } from '../evaluation.ts'
import {
  confidenceText,
  costText,
  countText,
  durationText,
  intervalText,
  plural,
  tokensText,
} from '../number-text.ts'
import { wrapLines } from '../report/wrap-lines.ts'
import { defaultConfidence } from '../statistics/interval.ts'
import type { Flip, JudgedDifference } from './compare-table.ts'
import type { FigureScore } from './figure-evidence.ts'
import { figureText } from './figure-text.ts'

/** What a candidate takes beside how good it is. */
export type Effort = Pick<
  CandidateResult,
  'id' | 'title' | 'tokensPerQuery' | 'latencyMs' | 'cost' | 'failed'
>

/** Two candidates on the same rows. */
export interface StoredComparison {
  readonly split: string
  readonly rows: number
  readonly baseline: Effort
  readonly candidate: Effort
  readonly metrics: readonly EvaluatedMetric[]
  readonly scores: readonly FigureScore[]
  /** Candidate minus baseline for each metric, the headline first; p-values are adjusted for all of them. */
  readonly differences: readonly JudgedDifference[]
  /** Rows whose score differs, in the first metric that single rows have. */
  readonly flips: {
    readonly metric: string
    readonly gained: number
    readonly lost: number
    readonly rows: readonly Flip[]
  } | null
}

const width = 100

/** A comparison for a terminal: scores side by side, a sentence for each metric, effect sizes, flips, and what each takes. */
export function comparisonLines(comparison: StoredComparison): string[] {
  const { baseline, candidate, rows, split, differences, flips } = comparison
  return [
    `${plural(rows, 'row')} of the ${split} split, pair by pair; p adjusted for ${plural(differences.length, 'metric')} (Holm)`,
    '',
    ...tableLines(comparison),
    '',
    ...differences.flatMap(({ sentence, verdict }) =>
      wrapLines(printableText(`${verdictWords[verdict]}${sentence}`), width),
    ),
    ...effectLines(differences),
    ...(flips === null
      ? []
      : [
          `Flips in ${flips.metric}: ${countText(flips.gained)} gained, ${countText(flips.lost)} lost; ` +
            `hone eval rows --candidate ${candidate.id} --against ${baseline.id}`,
        ]),
    ...[baseline, candidate].flatMap(({ id, failed }) =>
      failed === 0
        ? []
        : [`${id}: ${countText(failed)} of ${plural(rows, 'question')} without an answer, counted as wrong`],
    ),
  ]
}

const verdictWords: Readonly<Record<JudgedDifference['verdict'], string>> = {
  better: 'Better. ',
  worse: 'Worse. ',
  'no difference shown': 'No difference shown. ',
  'not enough rows': 'Not enough rows. ',
}

const effortOf = (each: Effort): string[] => [
  tokensText(each.tokensPerQuery),
  each.latencyMs === null ? '–' : `${durationText(each.latencyMs.p50)} (n=${each.latencyMs.rows})`,
  each.cost === null ? '–' : costText(each.cost.usdPerThousand),
]

function tableLines({ baseline, candidate, metrics, scores }: StoredComparison): string[] {
  const score = (metric: EvaluatedMetric, id: string): string => {
    const found = scores.find((each) => each.figure === metric.id && each.candidate === id)
    if (found === undefined) return '–'
    const range = found.interval === null ? 'no spread' : intervalText(found.interval, metric.format)
    return `${figureText(found.value, metric.format)} (${range})`
  }
  const [before, after] = [effortOf(baseline), effortOf(candidate)]
  const names = ['tokens in/out', 'p50 latency', 'cost of 1,000']
  const rows = [
    ['', baseline.id, candidate.id],
    ...metrics.map((metric) => [
      `${metric.title}, ${confidenceText(defaultConfidence)}`,
      score(metric, baseline.id),
      score(metric, candidate.id),
    ]),
    ...names.map((name, at) => [name, before[at]!, after[at]!]),
  ].filter(([, first, second]) => first !== '–' || second !== '–')
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => displayWidth(row[at]!))))
  return rows.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat(widths[at]! - displayWidth(cell)))
      .join('   ')
      .trimEnd(),
  )
}

/** What effect sizes are called. */
export const effectNames = {
  'cohens-h': "Cohen's h",
  'odds-ratio': 'odds ratio of flips',
  'paired-d': 'paired d',
  'cliffs-delta': "Cliff's delta",
} as const

function effectLines(differences: readonly JudgedDifference[]): string[] {
  return differences.flatMap(({ figure, effects }) => {
    const texts = effects
      .filter(({ value }) => Number.isFinite(value))
      .map(({ name, value }) => `${effectNames[name]} ${value.toFixed(2)}`)
    return texts.length === 0 ? [] : [`Effect in ${figure}: ${texts.join(', ')}.`]
  })
}
