import type { Figure } from './figure.ts'

/** A quantile of a number per row, such as the 95th percentile of latencies. Rows with NaN are not measured. */
export interface QuantileFigure extends Figure {
  readonly kind: 'quantile'
  readonly values: Float64Array
  readonly share: number
}

/**
 * Between two order statistics it lies where `quantile` puts it: Hyndman and Fan's type 7. Its jackknife is left out,
 * since it does not tell the spread of a quantile: B. Efron, "Bootstrap methods: another look at the jackknife", The
 * Annals of Statistics 7(1), 1979, which shows it for the median.
 */
export function quantileFigure(numbers: ArrayLike<number>, share: number): QuantileFigure {
  const values = Float64Array.from(numbers)
  const order = Uint32Array.from(values.keys())
    .filter((row) => !Number.isNaN(values[row]!))
    .toSorted((a, b) => values[a]! - values[b]!)
  const isWhole = order.length === values.length
  return {
    kind: 'quantile',
    rows: values.length,
    values,
    share,
    columns: [values],
    value: (weights) => {
      const count = isWhole ? sumOf(weights) : sumOf(Float64Array.from(order, (row) => weights[row]!))
      if (count === 0) return Number.NaN
      const position = share * (count - 1)
      const below = Math.floor(position)
      const [low, high] = neighbours(values, order, weights, count, below)
      return low + (high - low) * (position - below)
    },
    leaveOut: () => new Float64Array(0),
    pick: (rows) =>
      quantileFigure(
        Float64Array.from(rows, (row) => values[row]!),
        share,
      ),
  }
}

/** The values at the positions `below` and `below + 1` of the weighted rows in order, walked from the nearer end. */
function neighbours(
  values: Float64Array,
  order: Uint32Array,
  weights: Float64Array,
  count: number,
  below: number,
): [low: number, high: number] {
  const above = Math.min(below + 1, count - 1)
  if (below * 2 < count) {
    let seen = 0
    let low: number | undefined
    for (let at = 0; at < order.length; at++) {
      seen += weights[order[at]!]!
      if (low === undefined && seen > below) low = values[order[at]!]!
      if (low !== undefined && seen > above) return [low, values[order[at]!]!]
    }
  } else {
    let left = count
    let high: number | undefined
    for (let at = order.length - 1; at >= 0; at--) {
      left -= weights[order[at]!]!
      if (high === undefined && left <= above) high = values[order[at]!]!
      if (high !== undefined && left <= below) return [values[order[at]!]!, high]
    }
  }
  return [Number.NaN, Number.NaN]
}

/** Four sums at once: a resample of 100,000 rows is summed thousands of times. */
function sumOf(numbers: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = numbers.length - (numbers.length % 4)
  for (let at = 0; at < whole; at += 4) {
    a += numbers[at]!
    b += numbers[at + 1]!
    c += numbers[at + 2]!
    d += numbers[at + 3]!
  }
  for (let at = whole; at < numbers.length; at++) a += numbers[at]!
  return a + b + c + d
}
