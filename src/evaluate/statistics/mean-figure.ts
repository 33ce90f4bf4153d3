import type { SwappableFigure } from './figure.ts'

/** The mean of a number per row. Rows with NaN are not measured and count for nothing. */
export interface MeanFigure extends SwappableFigure {
  readonly kind: 'mean'
  readonly values: Float64Array
}

/** @param numbers one for each row; of doubles no copy is made */
export function meanFigure(numbers: ArrayLike<number>): MeanFigure {
  const values = numbers instanceof Float64Array ? numbers : Float64Array.from(numbers)
  const isWhole = !values.some((value) => Number.isNaN(value))
  const totals = (weights: Float64Array): [sum: number, count: number] => {
    let sum = 0
    let count = 0
    for (let row = 0; row < values.length; row++) {
      const weight = weights[row]!
      const value = values[row]!
      if (isWhole || !Number.isNaN(value)) {
        sum += weight * value
        count += weight
      }
    }
    return [sum, count]
  }
  return {
    kind: 'mean',
    rows: values.length,
    values,
    columns: [values],
    value(weights) {
      const [sum, count] = totals(weights)
      return sum / count
    },
    leaveOut(weights, { count: unitCount, starts, rows }) {
      const [sum, count] = totals(weights)
      const without = new Float64Array(unitCount)
      for (let unit = 0; unit < unitCount; unit++) {
        let [less, fewer] = [0, 0]
        for (let at = starts[unit]!; at < starts[unit + 1]!; at++) {
          const value = values[rows[at]!]!
          if (Number.isNaN(value)) continue
          less += value
          fewer++
        }
        without[unit] = count === fewer ? Number.NaN : (sum - less) / (count - fewer)
      }
      return without
    },
    gather({ count: unitCount, starts, rows }) {
      const sums = new Float64Array(2 * unitCount)
      for (let unit = 0; unit < unitCount; unit++) {
        for (let at = starts[unit]!; at < starts[unit + 1]!; at++) {
          const value = values[rows[at]!]!
          if (Number.isNaN(value)) continue
          sums[unit]! += value
          sums[unitCount + unit]!++
        }
      }
      return { sums, width: 2, valueOf: ([sum = 0, count = 0]) => (count === 0 ? Number.NaN : sum / count) }
    },
    pick: (rows) => meanFigure(Float64Array.from(rows, (row) => values[row]!)),
    join(other) {
      const joined = new Float64Array(values.length + other.rows)
      joined.set(values)
      joined.set(Float64Array.from(other.columns[0]!), values.length)
      return meanFigure(joined)
    },
  }
}
