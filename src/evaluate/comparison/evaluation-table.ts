import type { CandidateRow, Evaluation } from '../evaluation.ts'
import type { Metric } from '../metrics/metric.ts'
import { metricColumn } from '../metrics/metric-column.ts'
import { metricIds, metricsOf } from '../metrics/task-metrics.ts'
import { readExpected, readRows } from '../read-candidate.ts'
import { figureTexts } from './figure-texts.ts'
import { repeatFigures } from './repeat-figures.ts'
import { groupsOf } from './row-groups.ts'
import type { FigureTexts, RowCandidate, RowColumn, RowTable } from './row-table.ts'

interface EvaluationTableOptions {
  /** Metrics that were made for the task, such as a user's own. */
  readonly moreMetrics?: readonly Metric[]
  /** Also what the task does not name but can be told from the answers, and what it takes to run: for rules that ask for it. */
  readonly withAll?: boolean
}

/**
 * What was measured, as numbers per row. A column is computed when it is first looked at.
 *
 * @throws HoneError `E_CONFIG` for a metric of the evaluation that is not there, such as a user's own that was not handed in
 */
export function evaluationTable(evaluation: Evaluation, options: EvaluationTableOptions = {}): RowTable {
  const { task, examples, candidates } = evaluation
  const { moreMetrics = [], withAll = false } = options
  const measured = metricsOf({ ...task, metrics: evaluation.metrics.map(({ id }) => id) }, moreMetrics)
  const more = withAll ? otherMetrics(evaluation, moreMetrics) : []
  const metrics = [...measured, ...more]
  const repeated = repeatFigures(evaluation, withAll)
  const expected = once(() => readExpected(task, examples))
  return {
    ids: examples.map(({ id }) => id),
    ...groupsOf(examples),
    figures: [
      ...metrics.map(figureTexts),
      ...repeated.figures,
      ...(withAll ? operations.map(({ texts }) => texts) : []),
    ],
    candidates: candidates.map((candidate) => {
      const { labelRule } = candidate
      const rows = once(() => readRows(task, examples, candidate.rows, { expected: expected(), labelRule }))
      const makers = new Map<string, () => RowColumn>([
        ...metrics.map((metric): [string, () => RowColumn] => [
          metric.id,
          () => metricColumn(metric, rows(), task),
        ]),
        ...(withAll
          ? operations.map(({ texts, column }): [string, () => RowColumn] => [
              texts.id,
              () => column(candidate.rows),
            ])
          : []),
        ...repeated.columns(candidate),
      ])
      return { id: candidate.id, columns: lazily(makers) }
    }),
  }
}

const isJudged = (candidates: Evaluation['candidates'], metric: string): boolean =>
  candidates.some(({ rows }) =>
    rows.some(
      ({ judgement }) => (metric === 'judge' ? judgement?.quality : judgement?.preference) !== undefined,
    ),
  )

/** Without a label for "none of these" its figures are 1, and a rule that names none exactly would find and pass them. */
const hasMeaning = (id: string, task: Evaluation['task']): boolean =>
  task.kind !== 'labels' || task.abstain !== undefined || !id.startsWith('out-of-scope')

function otherMetrics(evaluation: Evaluation, moreMetrics: readonly Metric[]): Metric[] {
  const { task, metrics, candidates } = evaluation
  const known = new Set(metrics.map(({ id }) => id))
  const hasScores = candidates.every(({ rows }) =>
    rows.every(({ labelScores }) => (labelScores?.length ?? 0) > 0),
  )
  const ids = metricIds(task.kind).filter((id) => !known.has(id) && hasMeaning(id, task))
  return ids
    .flatMap((id) => metricsOf({ ...task, metrics: [id] }, moreMetrics))
    .filter(({ id, needs }) =>
      needs === 'judgements' ? isJudged(candidates, id) : needs !== 'label scores' || hasScores,
    )
}

interface Operation {
  readonly texts: FigureTexts
  readonly column: (rows: readonly CandidateRow[]) => RowColumn
}

const perRow = (
  rows: readonly CandidateRow[],
  numberOf: (row: CandidateRow) => number | undefined,
): Float64Array =>
  Float64Array.from(rows, (row) => (row.failed === undefined ? (numberOf(row) ?? Number.NaN) : Number.NaN))

const latency = (
  id: string,
  title: string,
  share: number,
  numberOf: (row: CandidateRow) => number | undefined,
): Operation => ({
  texts: { id, title, format: 'milliseconds', better: 'lower' },
  column: (rows) => ({ kind: 'quantile', share, values: perRow(rows, numberOf) }),
})

/** No prompt has no tokens: 0 stands for an answer that came without a count. */
const tokens = (id: string, title: string, numberOf: (row: CandidateRow) => number): Operation => ({
  texts: { id, title, format: 'number', better: 'lower' },
  column: (rows) => ({
    kind: 'mean',
    values: perRow(rows, (row) => (row.promptTokens === 0 ? undefined : numberOf(row))),
  }),
})

/** What it takes to run a candidate. */
const operations: readonly Operation[] = [
  latency('latency-p50', 'p50 latency', 0.5, ({ latencyMs }) => latencyMs),
  latency('latency-p95', 'p95 latency', 0.95, ({ latencyMs }) => latencyMs),
  latency('latency-p99', 'p99 latency', 0.99, ({ latencyMs }) => latencyMs),
  latency('first-token-median', 'median time to the first token', 0.5, ({ firstTokenMs }) => firstTokenMs),
  tokens('prompt-tokens', 'prompt tokens', ({ promptTokens }) => promptTokens),
  tokens('completion-tokens', 'completion tokens', ({ completionTokens }) => completionTokens),
  {
    texts: { id: 'answered', title: 'answered', format: 'percent', better: 'higher' },
    column: (rows) => ({
      kind: 'proportion',
      values: Float64Array.from(rows, ({ failed }) => (failed === undefined ? 1 : 0)),
    }),
  },
]

/** An object whose members are made when they are first asked for. */
function lazily(makers: ReadonlyMap<string, () => RowColumn>): RowCandidate['columns'] {
  const columns: Record<string, RowColumn> = {}
  for (const [id, make] of makers) {
    Object.defineProperty(columns, id, { enumerable: true, get: once(make) })
  }
  return columns
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
