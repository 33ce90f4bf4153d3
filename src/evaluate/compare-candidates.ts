import type {
  CandidateResult,
  Comparison,
  EvaluatedExample,
  EvaluationSettings,
  ScoreDifference,
  Verdict,
} from './evaluation.ts'
import type { EvaluationTask } from './evaluation-task.ts'
import { flips, measureDifference, pairedTest } from './measure.ts'
import type { Metric } from './metrics/metric.ts'
import { rightAnswer } from './metrics/task-metrics.ts'
import {
  confidenceText,
  countText,
  differenceIntervalText,
  differenceText,
  pValueText,
  plural,
} from './number-text.ts'
import { readRows } from './score-candidate.ts'
import { clipped } from './shortened.ts'

/** Compares two candidates on the same rows, pair by pair. */
export function compareCandidates(
  task: EvaluationTask,
  metrics: readonly [Metric, ...Metric[]],
  examples: readonly EvaluatedExample[],
  baseline: CandidateResult,
  challenger: CandidateResult,
  settings: EvaluationSettings,
): Comparison {
  const [headline] = metrics
  // What only all rows together have cannot change on one of them.
  const ofRow = headline.kind === 'sample' ? rightAnswer(task) : headline
  const before = readRows(task, examples, baseline.rows)
  const after = readRows(task, examples, challenger.rows)
  const context = { task, settings, name: `difference/${baseline.id}/${challenger.id}` }
  const changed = flips(ofRow, before, after, task)
  const differences = metrics.map((metric) => measureDifference(metric, before, after, context))
  const test = pairedTest(ofRow, changed)
  const facts = {
    baseline: baseline.id,
    challenger: challenger.id,
    pairs: examples.length,
    differences,
    flips: changed,
    test,
    promptTokenChange: relativeChange(baseline.tokensPerQuery.prompt, challenger.tokensPerQuery.prompt),
    verdict: verdictOf(differences[0]!, test.pValue, headline, settings),
  }
  return {
    ...facts,
    sentence: sentenceOf(
      facts,
      headline,
      clipped(baseline.title, 60),
      clipped(challenger.title, 60),
      settings,
    ),
  }
}

/** Interval and test must agree, so that the verdict rests on neither one's approximation alone. */
function verdictOf(
  difference: ScoreDifference,
  pValue: number,
  { lowerIsBetter = false }: Metric,
  settings: EvaluationSettings,
): Verdict {
  const { value, interval } = difference
  const excludesZero = interval === null ? value !== 0 : interval.lower > 0 || interval.upper < 0
  if (!excludesZero || pValue >= 1 - settings.confidence) return 'not shown'
  return value > 0 === lowerIsBetter ? 'worse' : 'better'
}

function sentenceOf(
  facts: Omit<Comparison, 'sentence'>,
  headline: Metric,
  baseline: string,
  challenger: string,
  { confidence }: EvaluationSettings,
): string {
  const { value, interval } = facts.differences[0]!
  const size = differenceText(value, headline)
  const evidence = [
    interval === null
      ? 'no spread to put an interval on'
      : `${confidenceText(confidence)} interval ${differenceIntervalText(interval, headline.format)}`,
    `${facts.test.name === 'mcnemar' ? 'McNemar' : 'sign test'} ${pValueText(facts.test.pValue)}`,
    plural(facts.pairs, 'pair'),
  ].join(', ')
  const tokens = tokenText(facts.promptTokenChange)
  if (facts.verdict === 'better')
    return `Better: ${challenger} beats ${baseline} by ${size} (${evidence})${tokens}.`
  if (facts.verdict === 'worse')
    return `Worse: ${challenger} loses to ${baseline} by ${size} (${evidence})${tokens}.`
  const relation =
    value === 0
      ? `scores the same as ${baseline}`
      : `is ${size} ${value > 0 ? 'above' : 'below'} ${baseline}, which may be chance`
  return `Not shown: ${challenger} ${relation} (${evidence})${tokens}.`
}

function tokenText(change: number | null): string {
  if (change === null) return ''
  const percent = Math.abs(change) * 100
  if (percent < 0.5) return ', with as many prompt tokens'
  return `, with ${countText(percent)} % ${change < 0 ? 'fewer' : 'more'} prompt tokens`
}

const relativeChange = (before: number, after: number): number | null =>
  before > 0 ? after / before - 1 : null
