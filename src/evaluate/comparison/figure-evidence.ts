import { createRandom } from '../../lib/random.ts'
import { bcaInterval, type Replicates } from '../statistics/bca-interval.ts'
import { bootstrapFigures, defaultFigureResamples } from '../statistics/bootstrap-figures.ts'
import { countsFigure } from '../statistics/counts-figure.ts'
import { evenWeights, groupUnits, type Figure, type Units } from '../statistics/figure.ts'
import { defaultConfidence, type Interval } from '../statistics/interval.ts'
import { meanFigure } from '../statistics/mean-figure.ts'
import { quantileFigure } from '../statistics/quantile-figure.ts'
import { quantileInterval } from '../statistics/quantile-interval.ts'
import { sampleFigure } from '../statistics/sample-figure.ts'
import { wilsonInterval } from '../statistics/wilson-interval.ts'
import { findNamed, type FigureTexts, type RowColumn, type RowTable } from './row-table.ts'

export interface StatisticsSettings {
  /** Default 0. */
  readonly seed?: number | string
  /** Bootstrap resamples, and swaps of permutation tests. Default 2,000. */
  readonly resamples?: number
  /** Default 0.95. */
  readonly confidence?: number
  /** Chance of finding a difference for which "enough rows" is reckoned. Default 0.8. */
  readonly power?: number
}

/** One figure of all candidates, and what resampling made of it. */
export interface FigureEvidence {
  readonly texts: FigureTexts
  readonly columns: ReadonlyMap<string, RowColumn>
  readonly figures: ReadonlyMap<string, Figure>
  readonly units?: Units
  /** One for each row of the table: the data as they are. */
  readonly everyRow: Float64Array
  /** Resamples candidates on the same draws; those of all together are made once. */
  replicates(ids: readonly string[], figures?: readonly Figure[]): readonly Replicates[]
}

export interface FigureScore {
  readonly figure: string
  readonly candidate: string
  /** NaN when nothing was measured. */
  readonly value: number
  /** Null when rows have no spread, or are too few for a quantile. */
  readonly interval: Interval | null
  /** Rows on which it was measured. */
  readonly rows: number
  /** Groups of all rows, where rows are grouped: what is resampled. */
  readonly groups?: number
}

/**
 * @throws HoneError `E_CONFIG` for a figure that is not there
 * @throws RangeError when columns do not fit the rows or each other
 */
export function figureEvidence(
  table: RowTable,
  figureId: string,
  settings: StatisticsSettings = {},
): FigureEvidence {
  const texts = findNamed('figure', figureId, table.figures)
  const measured = table.candidates.filter(({ columns }) => columns[figureId] !== undefined)
  const columns = new Map(measured.map((candidate) => [candidate.id, candidate.columns[figureId]!]))
  const figures = new Map([...columns].map(([id, column]) => [id, figureOf(column)]))
  const kinds = new Set([...columns.values()].map(({ kind }) => kind))
  if (kinds.size > 1) throw new RangeError(`${figureId} is ${[...kinds].join(' and ')} at once`)
  for (const [id, { rows }] of figures) {
    if (rows !== table.ids.length) {
      throw new RangeError(`${figureId} of ${id} has ${rows} rows of ${table.ids.length}`)
    }
  }
  if (table.groups !== undefined && table.groups.length !== table.ids.length) {
    throw new RangeError(`${table.groups.length} groups for ${table.ids.length} rows`)
  }
  const units = table.groups === undefined ? undefined : groupUnits(table.groups)
  const resample = (list: readonly Figure[], name: string): readonly Replicates[] =>
    bootstrapFigures(list, {
      random: createRandom(settings.seed ?? 0).fork(`${figureId}/${name}`),
      resamples: settings.resamples ?? defaultFigureResamples,
      ...(units === undefined ? {} : { units }),
    })
  let all: ReadonlyMap<string, Replicates> | undefined
  return {
    texts,
    columns,
    figures,
    ...(units === undefined ? {} : { units }),
    everyRow: evenWeights(table.ids.length),
    replicates(ids, own) {
      if (own !== undefined) return resample(own, ids.join('/'))
      if (all === undefined) {
        const made = resample([...figures.values()], 'all')
        all = new Map([...figures.keys()].map((id, at) => [id, made[at]!]))
      }
      return ids.map((id) => all!.get(id)!)
    },
  }
}

/**
 * A figure of one candidate with its interval: Wilson for shares of rows, order statistics for quantiles, BCa for the
 * rest; BCa over groups for all where rows are grouped.
 *
 * @throws HoneError `E_CONFIG` for a candidate that is not there
 */
export function scoreFigure(
  evidence: FigureEvidence,
  candidate: string,
  { confidence = defaultConfidence }: StatisticsSettings = {},
): FigureScore {
  const column = columnOf(evidence, candidate)
  const figure = evidence.figures.get(candidate)!
  const measured = 'values' in column ? countMeasured(column.values) : figure.rows
  const groups = evidence.units === undefined ? {} : { groups: evidence.units.count }
  const score = { figure: evidence.texts.id, candidate, rows: measured, ...groups }
  if (measured === 0) return { ...score, value: Number.NaN, interval: null }
  const value = figure.value(evidence.everyRow)
  if (evidence.units === undefined && column.kind === 'proportion') {
    const interval = wilsonInterval(Math.round(value * measured), measured, confidence)
    return { ...score, value, interval }
  }
  if (evidence.units === undefined && column.kind === 'quantile') {
    const sorted = Float64Array.from(column.values)
      .filter((each) => !Number.isNaN(each))
      .toSorted()
    return { ...score, value, interval: quantileInterval(sorted, column.share, confidence) }
  }
  return { ...score, value, interval: bcaInterval(evidence.replicates([candidate])[0]!, confidence) }
}

/** @throws HoneError `E_CONFIG` when the candidate is not there or has no such figure */
export function columnOf(evidence: FigureEvidence, candidate: string): RowColumn {
  const known = [...evidence.columns.keys()].map((id) => ({ id }))
  return evidence.columns.get(
    findNamed(`candidate with the figure ${evidence.texts.id},`, candidate, known).id,
  )!
}

/** Shares of rows are means of 0 and 1. */
export function figureOf(column: RowColumn): Figure {
  if (column.kind === 'counts') return countsFigure(column.counts)
  if (column.kind === 'sample') return sampleFigure(column.rows, column.statistic)
  return column.kind === 'quantile' ? quantileFigure(column.values, column.share) : meanFigure(column.values)
}

/** Rows that have a number in both. */
export function countMeasured(values: ArrayLike<number>, others = values): number {
  let count = 0
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row]!) && !Number.isNaN(others[row]!)) count++
  }
  return count
}
