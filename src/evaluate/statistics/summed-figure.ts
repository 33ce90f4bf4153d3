import { rowUnits, type Figure, type UnitSums } from './figure.ts'
import { createWeightedSums, type WeightedSums } from './weighted-sums.ts'

/** A figure of sums whose rows are units that were summed before: groups, or rows taken together. */
export function summedFigure(unitSums: UnitSums): Figure {
  const { sums, width } = unitSums
  const rows = sums.length / width
  // Made when a figure is first looked at: of figures that are only picked from it is never needed.
  let made: WeightedSums | undefined
  const weightedSums: WeightedSums = (weightings) => (made ??= createWeightedSums(unitSums))(weightings)
  const totalsOf = (weights: Float64Array): Float64Array => weightedSums([weights])[0]!
  return {
    rows,
    columns: [rowUnits(rows).rows],
    value: (weights) => unitSums.valueOf(totalsOf(weights)),
    valuesWith: (weightings) => weightedSums(weightings).map((totals) => unitSums.valueOf(totals)),
    leaveOut(weights, { count, starts, rows: unitRows }) {
      const totals = totalsOf(weights)
      const left = new Float64Array(width)
      return Float64Array.from({ length: count }, (_, unit) => {
        left.set(totals)
        for (const row of unitRows.subarray(starts[unit], starts[unit + 1])) {
          for (let at = 0; at < width; at++) left[at]! -= sums[at * rows + row]!
        }
        return unitSums.valueOf(left)
      })
    },
    pick(picked) {
      const chosen = new Float64Array(width * picked.length)
      for (let place = 0; place < width; place++) {
        picked.forEach((row, at) => (chosen[place * picked.length + at] = sums[place * rows + row]!))
      }
      return summedFigure({ ...unitSums, sums: chosen })
    },
  }
}
