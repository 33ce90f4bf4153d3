import { createRandom } from '../../lib/random.ts'
import { bcaInterval } from '../statistics/bca-interval.ts'
import { differenceReplicates, standardError } from '../statistics/bootstrap-figures.ts'
import { countsFigure } from '../statistics/counts-figure.ts'
import { cliffsDelta, cohensH, discordantOddsRatio, pairedD } from '../statistics/effect-size.ts'
import type { Units } from '../statistics/figure.ts'
import { defaultConfidence, type Interval } from '../statistics/interval.ts'
import { mcNemarTest } from '../statistics/mcnemar-test.ts'
import {
  bootstrapTest,
  signFlipTest,
  swapTest,
  type PermutationOptions,
} from '../statistics/permutation-test.ts'
import { detectableDifference, detectableShare, pairsNeeded, rowsNeeded } from '../statistics/sample-size.ts'
import { tangoInterval } from '../statistics/tango-interval.ts'
import {
  columnOf,
  countMeasured,
  figureOf,
  type FigureEvidence,
  type StatisticsSettings,
} from './figure-evidence.ts'
import type { RowColumn } from './row-table.ts'

/** A figure of the challenger against that of the baseline, on the rows that both were measured on. */
export interface FigureDifference {
  readonly figure: string
  readonly baseline: string
  readonly challenger: string
  /** Rows that both were measured on. */
  readonly pairs: number
  /** Groups of rows, where rows are grouped: what is resampled and swapped. */
  readonly groups?: number
  readonly before: number
  readonly after: number
  /** after − before. */
  readonly value: number
  /** Null when no resample differs from the others. */
  readonly interval: Interval | null
  readonly test: PairedTest
  readonly effects: readonly Effect[]
  /** Rows on which the challenger is better, worse, or the same; null for figures that single rows do not have. */
  readonly flips: { readonly gained: number; readonly lost: number; readonly same: number } | null
  /** The smallest difference that would matter. */
  readonly worthwhile: number
  /** The smallest difference that so many rows would probably show. */
  readonly detectable: number
  /** About how many more rows would show the worthwhile difference, or the larger one that is seen; 0 when there are enough. */
  readonly moreRows: number
}

interface PairedTest {
  readonly name: 'mcnemar' | 'permutation' | 'bootstrap'
  /** Two-sided. */
  readonly pValue: number
  /** McNemar only. */
  readonly midP?: number
  /** Every permutation was tried. */
  readonly exact?: boolean
}

interface Effect {
  readonly name: 'cohens-h' | 'odds-ratio' | 'paired-d' | 'cliffs-delta'
  readonly value: number
  readonly interval?: Interval | null
}

/**
 * Compares one figure of two candidates, pair by pair. Shares of rows have Tango's interval and McNemar's exact test;
 * everything else has BCa intervals of paired resamples, with a permutation test where rows can be swapped and the
 * bootstrap's own test for quantiles. Where rows are grouped, groups are resampled and swapped.
 *
 * @throws HoneError `E_CONFIG` for a candidate that is not there
 */
export function compareFigure(
  evidence: FigureEvidence,
  baseline: string,
  challenger: string,
  settings: StatisticsSettings = {},
): FigureDifference {
  const { confidence = defaultConfidence } = settings
  const columns = [columnOf(evidence, baseline), columnOf(evidence, challenger)] as const
  const paired = onSameRows(columns)
  const names = { figure: evidence.texts.id, baseline, challenger }
  const random = createRandom(settings.seed ?? 0).fork(`test/${Object.values(names).join('/')}`)
  const [first, second] = paired.columns.map(figureOf) as [
    ReturnType<typeof figureOf>,
    ReturnType<typeof figureOf>,
  ]
  const [before, after] = [first.value(evidence.everyRow), second.value(evidence.everyRow)]
  const differences = rowDifferences(paired.columns)
  const flips = differences && countFlips(differences, evidence.texts.better)
  const facts = {
    ...names,
    pairs: paired.rows,
    ...(evidence.units === undefined ? {} : { groups: evidence.units.count }),
    before,
    after,
    value: after - before,
    flips,
  }
  const worthwhile = worthwhileOf(evidence, before)
  const [column] = paired.columns
  if (paired.rows === 0) return nothingMeasured(facts, worthwhile)
  if (column.kind === 'proportion' && evidence.units === undefined) {
    const [gained, lost] = [countOf(differences!, 1), countOf(differences!, -1)]
    const discordant = (gained + lost) / paired.rows
    return {
      ...facts,
      interval: tangoInterval(gained, lost, paired.rows, confidence),
      test: { name: 'mcnemar', ...mcNemarTest(gained, lost), exact: true },
      effects: [
        { name: 'cohens-h', value: cohensH(before, after) },
        { name: 'odds-ratio', ...discordantOddsRatio(gained, lost, confidence) },
      ],
      worthwhile,
      detectable: detectableShare(paired.rows, discordant, settings),
      moreRows: rowsMissing(facts, worthwhile, (size) => pairsNeeded(size, discordant, settings)),
    }
  }
  const [a, b] = paired.isWhole
    ? evidence.replicates([baseline, challenger])
    : evidence.replicates([baseline, challenger], [first, second])
  const replicates = differenceReplicates(a!, b!)
  const deviation = standardError(replicates) * Math.sqrt(paired.rows)
  const permutation = {
    random,
    ...(settings.resamples === undefined ? {} : { permutations: settings.resamples }),
    ...(evidence.units === undefined ? {} : { units: evidence.units }),
  }
  const test = pairedTest(paired.columns, differences, replicates.values, permutation)
  return {
    ...facts,
    interval: bcaInterval(replicates, confidence),
    test,
    effects: effectsOf(paired.columns, differences),
    worthwhile,
    detectable: detectableDifference(paired.rows, deviation, settings),
    moreRows: rowsMissing(facts, worthwhile, (size) => rowsNeeded(size, deviation, settings)),
  }
}

function pairedTest(
  [first, second]: readonly [RowColumn, RowColumn],
  differences: Float64Array | null,
  replicates: Float64Array,
  options: PermutationOptions & { readonly units?: Units },
): PairedTest {
  if (differences !== null && first.kind !== 'quantile') {
    return { name: 'permutation', ...signFlipTest(unitSums(differences, options.units), options) }
  }
  if (first.kind === 'counts' && second.kind === 'counts') {
    const figures = [countsFigure(first.counts), countsFigure(second.counts)] as const
    return { name: 'permutation', ...swapTest(...figures, options) }
  }
  return { name: 'bootstrap', pValue: bootstrapTest(replicates) }
}

type Facts = Pick<
  FigureDifference,
  'figure' | 'baseline' | 'challenger' | 'pairs' | 'groups' | 'before' | 'after' | 'value' | 'flips'
>

const nothingMeasured = (facts: Facts, worthwhile: number): FigureDifference => ({
  ...facts,
  interval: null,
  test: { name: 'permutation', pValue: 1 },
  effects: [],
  worthwhile,
  detectable: Infinity,
  moreRows: Infinity,
})

/** Both columns with NaN where either has it. */
function onSameRows([first, second]: readonly [RowColumn, RowColumn]): {
  columns: readonly [RowColumn, RowColumn]
  rows: number
  isWhole: boolean
} {
  if (!('values' in first && 'values' in second)) {
    return { columns: [first, second], rows: figureOf(first).rows, isWhole: true }
  }
  const rows = countMeasured(first.values, second.values)
  const isWhole = [first, second].every(({ values }) => countMeasured(values) === rows)
  if (isWhole) return { columns: [first, second], rows, isWhole }
  return {
    columns: [
      { ...first, values: withoutMissing(first.values, second.values) },
      { ...second, values: withoutMissing(second.values, first.values) },
    ],
    rows,
    isWhole,
  }
}

/** NaN where the others have it. */
const withoutMissing = (values: ArrayLike<number>, others: ArrayLike<number>): Float64Array =>
  Float64Array.from(values, (value, row) => (Number.isNaN(others[row]!) ? Number.NaN : value))

/** after − before of each row; null for counts, which single rows do not have. Rows that were not measured are 0. */
function rowDifferences([first, second]: readonly [RowColumn, RowColumn]): Float64Array | null {
  if (!('values' in first && 'values' in second)) return null
  const differences = new Float64Array(second.values.length)
  for (let row = 0; row < differences.length; row++) {
    const difference = second.values[row]! - first.values[row]!
    if (!Number.isNaN(difference)) differences[row] = difference
  }
  return differences
}

function countFlips(differences: Float64Array, better: 'higher' | 'lower'): FigureDifference['flips'] {
  const sign = better === 'higher' ? 1 : -1
  const [gained, lost] = [countOf(differences, sign), countOf(differences, -sign)]
  return { gained, lost, same: differences.length - gained - lost }
}

/** How many have that sign. */
function countOf(differences: Float64Array, sign: number): number {
  let count = 0
  for (const difference of differences) if (difference * sign > 0) count++
  return count
}

function unitSums(differences: Float64Array, units: Units | undefined): Float64Array {
  if (units === undefined) return differences
  return Float64Array.from({ length: units.count }, (_, unit) => {
    const rows = units.rows.subarray(units.starts[unit], units.starts[unit + 1])
    return rows.reduce((sum, row) => sum + differences[row]!, 0)
  })
}

function effectsOf(
  [first, second]: readonly [RowColumn, RowColumn],
  differences: Float64Array | null,
): Effect[] {
  if (differences === null || !('values' in first && 'values' in second)) return []
  const known = differences.filter((_, row) => !Number.isNaN(first.values[row]))
  return [
    { name: 'paired-d', value: pairedD(known) },
    { name: 'cliffs-delta', value: cliffsDelta(measuredOf(first.values), measuredOf(second.values)) },
  ]
}

const measuredOf = (values: ArrayLike<number>): Float64Array =>
  Float64Array.from(values).filter((value) => !Number.isNaN(value))

function worthwhileOf({ texts }: FigureEvidence, before: number): number {
  if (texts.worthwhile !== undefined) return texts.worthwhile
  const isShare = texts.format === 'percent' || texts.format === 'fraction'
  return isShare ? 0.02 : Math.abs(before) * 0.05
}

/** Enough for the difference that is seen where it is larger than the worthwhile one and needs more rows. */
function rowsMissing(
  { pairs, value }: Pick<Facts, 'pairs' | 'value'>,
  worthwhile: number,
  needed: (size: number) => number,
): number {
  if (worthwhile <= 0) return 0
  const forSeen = Math.abs(value) > worthwhile ? needed(Math.abs(value)) - pairs : 0
  const missing = forSeen > 0 ? forSeen : needed(worthwhile) - pairs
  return missing > 0 ? aboutUp(missing) : 0
}

/** What `moreRows` would show: the worthwhile difference, or the larger one that is seen where its size alone asks for more rows. */
export function moreRowsShow({
  value,
  worthwhile,
  detectable,
}: Pick<FigureDifference, 'value' | 'worthwhile'> & { readonly detectable: number | null }): number {
  const seen = Math.abs(value)
  // No share differs by more than 1, which is also what is detectable where nothing is.
  return seen > worthwhile && seen <= (detectable ?? Infinity) ? seen : worthwhile
}

/** Rounded up to two digits: nobody knows it better. */
export function aboutUp(count: number): number {
  if (!Number.isFinite(count)) return count
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1)
  return Math.ceil(count / unit) * unit
}
