import type { Figure } from './figure.ts'

/** A number computed from a sample of rows, which are given by their positions; a position may occur repeatedly. */
export type SampleStatistic = (rows: Uint32Array) => number

/** With more units than this the jackknife, which costs a pass over all rows for each, is left out. */
const mostLeftOut = 2_000

/** A figure that is known only as a statistic of a list of rows: an AUC, or a function of the user's own. The slowest kind. */
export function sampleFigure(rows: number, statistic: SampleStatistic): Figure {
  return {
    rows,
    columns: [Uint32Array.from({ length: rows }, (_, row) => row)],
    value: (weights) => statistic(copiesOf(weights)),
    leaveOut(weights, { count, starts, rows: unitRows }) {
      if (count > mostLeftOut) return new Float64Array(0)
      return Float64Array.from({ length: count }, (_, unit) => {
        const left = weights.slice()
        for (const row of unitRows.subarray(starts[unit], starts[unit + 1])) left[row]! -= 1
        return statistic(copiesOf(left))
      })
    },
    pick: (picked) => sampleFigure(picked.length, (list) => statistic(list.map((row) => picked[row]!))),
  }
}

/** Each row as often as it weighs. */
function copiesOf(weights: Float64Array): Uint32Array {
  const copies = new Uint32Array(weights.reduce((sum, weight) => sum + weight, 0))
  let end = 0
  weights.forEach((weight, row) => {
    copies.fill(row, end, end + weight)
    end += weight
  })
  return copies
}
