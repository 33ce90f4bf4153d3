import type { Random } from '../../lib/random.ts'
import type { Replicates } from './bca-interval.ts'
import { distinctRows } from './distinct-rows.ts'
import { drawBinomial } from './draw-binomial.ts'
import { evenWeights, rowUnits, type Figure, type Units } from './figure.ts'
import { manyRows, randomGroups } from './random-groups.ts'
import { summedFigure } from './summed-figure.ts'
import { passSize } from './weighted-sums.ts'

export interface ResamplingOptions {
  readonly random: Random
  /** Default 2,000. */
  readonly resamples?: number
  /** What is drawn as a whole; single rows when left out. */
  readonly units?: Units
}

export const defaultFigureResamples = 2_000

/** Kinds of rows are drawn instead of rows where there are at most this share of kinds: there it is faster. */
const kindShare = 1 / 8

/**
 * Bootstrap replicates of figures of the same rows, all from the same resamples, so that `differenceReplicates` of two of
 * them are paired. Every resample draws as many units as there are, with replacement. Where rows repeat (labels, right or
 * wrong), only how often each kind of row is drawn is drawn, by its multinomial distribution: the same distribution of
 * resamples, at a cost that does not grow with the rows. Where units are groups, whole groups are drawn; so are random groups
 * of more than 20,000 rows that do not repeat.
 *
 * @throws RangeError when there is no row, or the figures differ in their rows
 */
export function bootstrapFigures(figures: readonly Figure[], options: ResamplingOptions): Replicates[] {
  const [first] = figures
  if (first === undefined) return []
  if (first.rows < 1) throw new RangeError('a bootstrap needs at least one row')
  if (figures.some(({ rows }) => rows !== first.rows)) throw new RangeError('the figures have different rows')
  const { random, units, resamples = defaultFigureResamples } = options
  const kinds =
    units === undefined
      ? distinctRows(
          figures.flatMap(({ columns }) => columns),
          first.rows,
          first.rows * kindShare,
        )
      : null
  if (kinds === null) {
    const drawn = units ?? (first.rows > manyRows ? randomGroups(random, first.rows) : rowUnits(first.rows))
    const sums = drawn.count === first.rows ? [] : figures.flatMap((figure) => figure.gather?.(drawn) ?? [])
    if (sums.length === figures.length) {
      const each = rowUnits(drawn.count)
      const summed = sums.map(summedFigure)
      return replicate(summed, evenWeights(drawn.count), each, resamples, (weights) =>
        drawUnits(random, each, weights),
      )
    }
    return replicate(figures, evenWeights(first.rows), drawn, resamples, (weights) =>
      drawUnits(random, drawn, weights),
    )
  }
  const { representatives, multiplicities } = kinds
  const picked = figures.map((figure) => figure.pick(representatives))
  return replicate(picked, multiplicities, rowUnits(representatives.length), resamples, (weights) =>
    drawKinds(random, multiplicities, first.rows, weights),
  ).map((replicates) => ({ ...replicates, multiplicities }))
}

/** The replicates of second − first, of figures that were resampled together. */
export function differenceReplicates(first: Replicates, second: Replicates): Replicates {
  return {
    ...second,
    estimate: second.estimate - first.estimate,
    values: second.values.map((value, at) => value - first.values[at]!),
    leftOut: second.leftOut.map((value, at) => value - first.leftOut[at]!),
  }
}

/** The standard deviation of replicates: the standard error of the estimate. */
export function standardError({ values }: Pick<Replicates, 'values'>): number {
  const known = values.filter((value) => !Number.isNaN(value))
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length - 1))
}

function replicate(
  figures: readonly Figure[],
  weights: Float64Array,
  units: Units,
  resamples: number,
  draw: (weights: Float64Array) => void,
): Replicates[] {
  const values = figures.map(() => new Float64Array(resamples))
  const atOnce = figures.every((figure) => figure.valuesWith !== undefined) ? passSize : 1
  const drawn = Array.from({ length: atOnce }, () => new Float64Array(weights.length))
  for (let from = 0; from < resamples; from += atOnce) {
    const some = drawn.slice(0, resamples - from)
    for (const each of some) draw(each)
    for (const [which, figure] of figures.entries()) {
      values[which]!.set(figure.valuesWith?.(some) ?? some.map((each) => figure.value(each)), from)
    }
  }
  return figures.map((figure, which) => ({
    estimate: figure.value(weights),
    values: values[which]!,
    leftOut: figure.leaveOut(weights, units),
  }))
}

function drawUnits(random: Random, { count, starts, rows }: Units, weights: Float64Array): void {
  weights.fill(0)
  if (count === rows.length) {
    for (let drawn = 0; drawn < count; drawn++) weights[rows[random.integer(count)]!]!++
    return
  }
  for (let drawn = 0; drawn < count; drawn++) {
    const unit = random.integer(count)
    for (let at = starts[unit]!; at < starts[unit + 1]!; at++) weights[rows[at]!]!++
  }
}

/** Multinomial counts, as binomial ones that follow one another. */
function drawKinds(random: Random, multiplicities: Float64Array, rows: number, weights: Float64Array): void {
  let drawsLeft = rows
  let rowsLeft = rows
  for (let kind = 0; kind < multiplicities.length; kind++) {
    const drawn = drawBinomial(random, drawsLeft, multiplicities[kind]! / rowsLeft)
    weights[kind] = drawn
    drawsLeft -= drawn
    rowsLeft -= multiplicities[kind]!
  }
}
