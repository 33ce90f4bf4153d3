import { createRandom } from '../lib/random.ts'
import type { EvaluationSettings, Score, ScoreDifference } from './evaluation.ts'
import type { EvaluationTask } from './evaluation-task.ts'
import type { Metric, ReadRow } from './metrics/metric.ts'
import { metricColumn } from './metrics/metric-column.ts'
import { bootstrapInterval, type SampleStatistic } from './statistics/bootstrap-interval.ts'
import { exactSignTest } from './statistics/exact-sign-test.ts'
import type { Interval } from './statistics/interval.ts'
import { tangoInterval } from './statistics/tango-interval.ts'
import { wilsonInterval } from './statistics/wilson-interval.ts'

/** What a measurement needs to know besides the rows. */
export interface MeasureContext {
  readonly task: EvaluationTask
  readonly settings: EvaluationSettings
  /** Separates the random numbers of one measurement from those of the others. */
  readonly name: string
}

/** A score of rows with its interval. */
export function measure(metric: Metric, rows: readonly ReadRow[], context: MeasureContext): Score {
  if (metric.kind === 'proportion' && unitsOf(rows) === undefined) {
    const right = rows.filter((row) => metric.isRight(row, context.task)).length
    const interval = wilsonInterval(right, rows.length, context.settings.confidence)
    return { metric: metric.id, value: right / rows.length, interval }
  }
  const statistic = statisticOf(metric, rows, context.task)
  const interval = bootstrap(`${context.name}/${metric.id}`, rows, statistic, context.settings)
  return { metric: metric.id, value: statistic(everyRow(rows.length)), interval }
}

/** The difference second − first of a score on the same rows, with its paired interval. */
export function measureDifference(
  metric: Metric,
  first: readonly ReadRow[],
  second: readonly ReadRow[],
  context: MeasureContext,
): ScoreDifference {
  if (metric.kind === 'proportion' && unitsOf(first) === undefined) {
    const { gained, lost } = flips(metric, first, second, context.task)
    return {
      metric: metric.id,
      value: (gained - lost) / first.length,
      interval: tangoInterval(gained, lost, first.length, context.settings.confidence),
    }
  }
  const before = statisticOf(metric, first, context.task)
  const after = statisticOf(metric, second, context.task)
  const difference: SampleStatistic = (sample) => after(sample) - before(sample)
  const interval = bootstrap(`${context.name}/${metric.id}`, first, difference, context.settings)
  return { metric: metric.id, value: difference(everyRow(first.length)), interval }
}

/** On how many rows the second is better or worse than the first. */
export function flips(
  metric: Metric,
  first: readonly ReadRow[],
  second: readonly ReadRow[],
  task: EvaluationTask,
): { gained: number; lost: number; same: number } {
  const before = rowScores(metric, first, task)
  const after = rowScores(metric, second, task)
  const up = metric.lowerIsBetter === true ? -1 : 1
  const changes = after.map((score, at) => up * Math.sign(score - (before[at] ?? 0)))
  const gained = changes.filter((change) => change > 0).length
  const lost = changes.filter((change) => change < 0).length
  return { gained, lost, same: changes.length - gained - lost }
}

/** The paired test of a metric, on rows that changed. */
export function pairedTest(
  metric: Metric,
  { gained, lost }: { readonly gained: number; readonly lost: number },
): { name: 'mcnemar' | 'sign'; pValue: number } {
  return { name: metric.kind === 'proportion' ? 'mcnemar' : 'sign', pValue: exactSignTest(gained, lost) }
}

/** @throws TypeError for a metric that has no score of a single row */
function rowScores(metric: Metric, rows: readonly ReadRow[], task: EvaluationTask): Float64Array {
  const column = metricColumn(metric, rows, task)
  if ('values' in column) return column.values
  throw new TypeError(`${metric.id} has no score of a single row`)
}

function statisticOf(metric: Metric, rows: readonly ReadRow[], task: EvaluationTask): SampleStatistic {
  if (metric.kind === 'sample') return metric.statistic(rows, task)
  const scores = rowScores(metric, rows, task)
  return (sample) => {
    let [sum, measured] = [0, 0]
    for (const row of sample) {
      const score = scores[row] ?? 0
      if (Number.isNaN(score)) continue
      sum += score
      measured++
    }
    return sum / measured
  }
}

function bootstrap(
  name: string,
  rows: readonly ReadRow[],
  statistic: SampleStatistic,
  { seed, resamples, confidence }: EvaluationSettings,
): Interval | null {
  const options = { random: createRandom(seed).fork(name), resamples, confidence }
  const units = unitsOf(rows)
  if (units === undefined) return bootstrapInterval(rows.length, statistic, options)
  const rowsIn = (sample: Uint32Array): Uint32Array =>
    Uint32Array.from(Array.from(sample, (unit) => units[unit]!).flat())
  return bootstrapInterval(units.length, (sample) => statistic(rowsIn(sample)), options)
}

/** The rows of each group, which are resampled together; undefined where rows have none. */
function unitsOf(rows: readonly ReadRow[]): number[][] | undefined {
  if (rows.every(({ example }) => example?.group === undefined)) return undefined
  const units = new Map<string, number[]>()
  rows.forEach(({ example }, row) => {
    const name = example?.group === undefined ? `row ${row}` : `group ${example.group}`
    const own = units.get(name)
    if (own === undefined) units.set(name, [row])
    else own.push(row)
  })
  return [...units.values()]
}

const everyRow = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row)
