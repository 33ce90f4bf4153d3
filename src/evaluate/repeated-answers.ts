import { figureEvidence, figureOf, scoreFigure } from './comparison/figure-evidence.ts'
import { groupsOf } from './comparison/row-groups.ts'
import type { RowColumn, RowTable } from './comparison/row-table.ts'
import type { CandidateAnswer, CandidateRow, Evaluation } from './evaluation.ts'
import type { Metric } from './metrics/metric.ts'
import { metricColumn } from './metrics/metric-column.ts'
import { metricsOf, rightAnswer } from './metrics/task-metrics.ts'
import { readRows } from './read-candidate.ts'
import type { EvaluationTask } from './evaluation-task.ts'
import type { Interval } from './statistics/interval.ts'
import { allSucceed, anySucceeds } from './statistics/repeated-success.ts'
import { evenWeights } from './statistics/figure.ts'

/** What several answers to each row say of a sampled candidate. */
export interface RepeatSummary {
  readonly candidate: string
  /** Answers to each row. */
  readonly repeats: number
  /** The chance that k answers are all right, by k from 1 on. */
  readonly allRight: readonly RepeatScore[]
  /** The chance that at least one of k answers is right. */
  readonly anyRight: readonly RepeatScore[]
  /** Rows that are neither always right nor always wrong. */
  readonly undecidedRows: number
  /** Each metric of the evaluation, in each repeat by itself. */
  readonly spread: readonly MetricSpread[]
}

interface RepeatScore {
  readonly k: number
  readonly value: number
  readonly interval: Interval | null
}

interface MetricSpread {
  readonly metric: string
  readonly values: readonly number[]
  readonly mean: number
  /** Of the values, with one less than their number below. */
  readonly standardDeviation: number
}

type Examples = Evaluation['examples']

/** How many answers each row has: the fewest that any row has. */
export const repeatsOf = (rows: readonly CandidateRow[]): number =>
  1 +
  rows.reduce(
    (fewest, { repeats = [] }) => Math.min(fewest, repeats.length),
    rows.length === 0 ? 0 : Infinity,
  )

/** The answers of one repeat, from 0. */
const answersOf = (rows: readonly CandidateRow[], repeat: number): readonly CandidateAnswer[] =>
  repeat === 0 ? rows : rows.map(({ exampleId, repeats }) => ({ exampleId, ...repeats![repeat - 1]! }))

/** How many of the answers to each row are right. */
export function rightCounts(
  task: EvaluationTask,
  examples: Examples,
  rows: readonly CandidateRow[],
): number[] {
  const right = rightAnswer(task)
  const counts = Array.from({ length: rows.length }, () => 0)
  for (let repeat = 0; repeat < repeatsOf(rows); repeat++) {
    readRows(task, examples, answersOf(rows, repeat)).forEach((row, at) => {
      if (right.isRight(row, task)) counts[at]! += 1
    })
  }
  return counts
}

/** A column of the chance that all, or any, of k answers are right. */
export function repeatColumn(
  counts: readonly number[],
  repeats: number,
  k: number,
  chance: 'all' | 'any',
): RowColumn {
  const of = chance === 'all' ? allSucceed : anySucceeds
  return { kind: 'mean', values: counts.map((count) => of(count, repeats, k)) }
}

/**
 * What the repeats of a candidate say; undefined where it has none. Intervals are over rows, or groups of them, as for every
 * figure.
 */
export function repeatSummary(
  evaluation: Evaluation,
  candidateId: string,
  { moreMetrics = [] }: { readonly moreMetrics?: readonly Metric[] | undefined } = {},
): RepeatSummary | undefined {
  const { task, examples, settings } = evaluation
  const candidate = evaluation.candidates.find(({ id }) => id === candidateId)
  const repeats = candidate === undefined ? 1 : repeatsOf(candidate.rows)
  if (candidate === undefined || repeats < 2) return undefined
  const counts = rightCounts(task, examples, candidate.rows)
  const score = (chance: 'all' | 'any'): RepeatScore[] =>
    Array.from({ length: repeats }, (_, at) => {
      const k = at + 1
      const id = `${chance} of ${k}`
      const table: RowTable = {
        ids: examples.map((example) => example.id),
        ...groupsOf(examples),
        figures: [{ id, title: id, format: 'percent', better: 'higher' }],
        candidates: [{ id: candidateId, columns: { [id]: repeatColumn(counts, repeats, k, chance) } }],
      }
      const { value, interval } = scoreFigure(
        figureEvidence(table, id, { seed: settings.seed }),
        candidateId,
        settings,
      )
      return { k, value, interval }
    })
  const metrics = metricsOf({ ...task, metrics: evaluation.metrics.map(({ id }) => id) }, moreMetrics)
  const runs = Array.from({ length: repeats }, (_, repeat) =>
    readRows(task, examples, answersOf(candidate.rows, repeat)),
  )
  return {
    candidate: candidateId,
    repeats,
    allRight: score('all'),
    anyRight: score('any'),
    undecidedRows: counts.filter((count) => count > 0 && count < repeats).length,
    spread: metrics
      .filter(({ needs }) => needs === undefined)
      .map((metric) => {
        const values = runs.map((rows) =>
          figureOf(metricColumn(metric, rows, task)).value(evenWeights(rows.length)),
        )
        const mean = values.reduce((sum, value) => sum + value, 0) / repeats
        const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
        return { metric: metric.id, values, mean, standardDeviation: Math.sqrt(squares / (repeats - 1)) }
      }),
  }
}
