import { HoneError } from '../core/errors.ts'
import { evaluationChunks } from './evaluation-chunks.ts'
import { compareCandidates } from './compare-candidates.ts'
import { compareTable, type TableComparison } from './comparison/compare-table.ts'
import { figureTexts } from './comparison/figure-texts.ts'
import { groupsOf } from './comparison/row-groups.ts'
import type { RowTable } from './comparison/row-table.ts'
import type {
  CandidateResult,
  EvaluatedExample,
  EvaluatedMetric,
  Evaluation,
  EvaluationSettings,
} from './evaluation.ts'
import type { EvaluationTask } from './evaluation-task.ts'
import type { Metric, MetricTexts } from './metrics/metric.ts'
import { metricColumn } from './metrics/metric-column.ts'
import { metricsOf } from './metrics/task-metrics.ts'
import { repeatSummary } from './repeated-answers.ts'
import { readCandidate, readExpected, type CandidateAnswers, type ReadCandidate } from './read-candidate.ts'
import { defaultFigureResamples } from './statistics/bootstrap-figures.ts'
import { defaultConfidence } from './statistics/interval.ts'
import { weakestLabel } from './weakest-label.ts'
import { worstRows } from './worst-rows.ts'

export interface EvaluationInput {
  readonly task: EvaluationTask
  readonly split: string
  /** How often the split was looked at by now. */
  readonly looks?: number
  readonly examples: readonly Omit<EvaluatedExample, 'read'>[]
  readonly candidates: readonly CandidateAnswers[]
  /** Metrics that are made for this task, such as a user's own. */
  readonly moreMetrics?: readonly Metric[]
  /** The candidate that has to prove itself; the last one when left out. */
  readonly challenger?: string
  /** Seed 0, 2,000 resamples and a confidence of 0.95 when left out. */
  readonly settings?: Partial<EvaluationSettings>
}

/**
 * Scores candidates on the same rows and compares the challenger with each other one. Runs no model.
 *
 * @throws HoneError `E_DATA_EMPTY` without rows, `E_DATA` when an expected answer cannot be read or an id occurs twice,
 * `E_CONFIG` for an unknown metric, without candidates, with two of one name or an unknown challenger, `E_INTERNAL` when the answers of a
 * candidate are not those of the rows.
 */
export function createEvaluation(input: EvaluationInput): Evaluation {
  const { task, split } = input
  const settings = {
    seed: 0,
    resamples: defaultFigureResamples,
    confidence: defaultConfidence,
    ...input.settings,
  }
  refuseTwice('E_DATA', 'the row', input.examples)
  refuseTwice('E_CONFIG', 'the candidate', input.candidates)
  const metrics = metricsOf(task, input.moreMetrics)
  const [headline] = metrics
  const expected = readExpected(task, input.examples)
  const examples = input.examples.map(
    ({ id, input: asked, expected: answer, group }, at): EvaluatedExample => ({
      id,
      input: asked,
      expected: answer,
      read: expected[at]!.read,
      ...(group === undefined ? {} : { group }),
    }),
  )
  // One candidate after another: what is read of its rows is only needed until they are numbers.
  const measured = input.candidates.map((answers) => {
    const { candidate, pairs } = readCandidate(task, examples, expected, answers)
    const columns = metrics.map((metric) => [metric.id, metricColumn(metric, pairs, task)] as const)
    return { candidate, columns: Object.fromEntries(columns) }
  })
  const ids = input.candidates.map(({ id }) => id)
  const challenger = findChallenger(ids, input.challenger)
  const table: RowTable = {
    ids: examples.map(({ id }) => id),
    ...groupsOf(examples),
    figures: metrics.map(figureTexts),
    candidates: measured.map(({ candidate: { id }, columns }) => ({ id, columns })),
  }
  const compared = compareTable(table, challenger, settings)
  const candidates = measured.map(({ candidate }) => withScores(candidate, compared))
  const chosen = candidates.find(({ id }) => id === challenger)!
  const others = candidates.filter(({ id }) => id !== challenger)
  // The challenger's own model, asked in another way, is not what it has to beat.
  const otherModels = others.filter(({ model }) => model === undefined || model !== chosen.model)
  const column = measured[candidates.indexOf(chosen)]!.columns[headline.id]!
  const up = headline.lowerIsBetter === true ? -1 : 1
  const evaluation: Evaluation = {
    schema: 2,
    task,
    split,
    rows: examples.length,
    ...(input.looks === undefined ? {} : { looks: input.looks }),
    settings,
    metrics: [described(headline), ...metrics.slice(1).map(described)],
    examples,
    candidates,
    challenger,
    comparisons: others.map((other) =>
      compareCandidates(table, compared, headline, other, chosen, settings.confidence),
    ),
    strongestBaseline: strongest(otherModels.length > 0 ? otherModels : others, headline)?.id ?? null,
    weakestLabel: weakestLabel(chosen),
    worstRows: worstRows(examples, chosen, (row) => ('values' in column ? up * column.values[row]! : 0)),
  }
  return { ...evaluation, candidates: candidates.map((each) => withRepeats(each, evaluation, input)) }
}

function withRepeats(
  candidate: CandidateResult,
  evaluation: Evaluation,
  options: Pick<EvaluationInput, 'moreMetrics'>,
): CandidateResult {
  const repeated = repeatSummary(evaluation, candidate.id, options)
  return repeated === undefined ? candidate : { ...candidate, repeated }
}

const withScores = (candidate: ReadCandidate, { scores }: TableComparison): CandidateResult => ({
  ...candidate,
  scores: scores
    .filter((score) => score.candidate === candidate.id)
    .map(({ figure, value, interval }) => ({ metric: figure, value, interval })),
})

/** The evaluation as a file: JSON. */
export const evaluationJson = (evaluation: Evaluation): string => [...evaluationChunks(evaluation)].join('')

function strongest(
  candidates: readonly CandidateResult[],
  headline: MetricTexts,
): CandidateResult | undefined {
  const up = headline.lowerIsBetter === true ? -1 : 1
  const strength = ({ scores }: CandidateResult): number => up * (scores[0]?.value ?? 0)
  return candidates.toSorted((a, b) => strength(b) - strength(a))[0]
}

function described(metric: Metric): EvaluatedMetric {
  const { id, title, format, definition, kind, lowerIsBetter, needs } = metric
  return {
    id,
    title,
    format,
    definition,
    kind,
    ...(lowerIsBetter === undefined ? {} : { lowerIsBetter }),
    ...(needs === undefined ? {} : { needs }),
  }
}

function findChallenger(candidates: readonly string[], id: string | undefined): string {
  const found = id === undefined ? candidates.at(-1) : candidates.find((candidate) => candidate === id)
  if (found !== undefined) return found
  throw new HoneError(
    'E_CONFIG',
    id === undefined ? 'an evaluation needs at least one candidate' : `there is no candidate "${id}"`,
  )
}

function refuseTwice(
  code: 'E_DATA' | 'E_CONFIG',
  what: string,
  named: readonly { readonly id: string }[],
): void {
  const seen = new Set<string>()
  for (const { id } of named) {
    if (seen.has(id)) throw new HoneError(code, `${what} "${id}" occurs twice`)
    seen.add(id)
  }
}
