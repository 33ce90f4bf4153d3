/**
 * A number about rows that can be computed with any weight on each row. Bootstrap, jackknife and permutation need nothing
 * else, so a metric that gives its rows in this form has intervals and tests.
 */
export interface Figure {
  /** How many rows there are. */
  readonly rows: number
  /** The figure when row i counts `weights[i]` times; NaN when nothing is measured. */
  value(weights: Float64Array): number
  /** The same for several weightings, where that is faster than one after another. */
  valuesWith?(weightings: readonly Float64Array[]): number[]
  /** The figure without each unit in turn, that is with 1 less on each of its rows; empty when that says nothing. */
  leaveOut(weights: Float64Array, units: Units): Float64Array
  /** `[column][row]`: rows that are equal in every column count alike. */
  readonly columns: readonly ArrayLike<number>[]
  /** The same figure of some of the rows, in that order; a row may be taken repeatedly. */
  pick(rows: Uint32Array): Figure
  /** What each unit adds to sums that the figure is computed from, where it is computed from sums. */
  gather?(units: Units): UnitSums
}

/** A figure whose rows can be those of two candidates, so that answers can be swapped between them. */
export interface SwappableFigure extends Figure {
  pick(rows: Uint32Array): SwappableFigure
  gather(units: Units): UnitSums
  /** The rows of both, one after the other. Both must be the same kind of figure. */
  join(other: Figure): Figure
}

/** Sums over units, from which a figure is computed. */
export interface UnitSums {
  /** `[width, units]`: what is added up lies side by side. */
  readonly sums: Float64Array
  readonly width: number
  /** The figure of summed counts `[width]`. Does not change them. */
  valueOf(totals: Float64Array): number
}

/** What is drawn as a whole: single rows, or the rows of a group. */
export interface Units {
  readonly count: number
  /** Unit u has the rows `rows[starts[u]]` up to `rows[starts[u + 1]]`. `[count + 1]` */
  readonly starts: Uint32Array
  readonly rows: Uint32Array
}

/** Every row is a unit. */
export const rowUnits = (count: number): Units => ({
  count,
  starts: Uint32Array.from({ length: count + 1 }, (_, at) => at),
  rows: Uint32Array.from({ length: count }, (_, at) => at),
})

/** The rows of one group (a conversation, a patient) are a unit, in the order in which groups first appear. */
export function groupUnits(groups: readonly unknown[]): Units {
  const numbers = new Map<unknown, number>()
  const unitOf = Uint32Array.from(groups, (group) => {
    const number = numbers.get(group) ?? numbers.size
    numbers.set(group, number)
    return number
  })
  const starts = new Uint32Array(numbers.size + 1)
  for (const unit of unitOf) starts[unit + 1]!++
  for (let unit = 0; unit < numbers.size; unit++) starts[unit + 1]! += starts[unit]!
  const next = starts.slice()
  const rows = new Uint32Array(groups.length)
  unitOf.forEach((unit, row) => {
    rows[next[unit]!++] = row
  })
  return { count: numbers.size, starts, rows }
}

/** One on every row: the data as they are. */
export const evenWeights = (rows: number): Float64Array => new Float64Array(rows).fill(1)
