import type { RowCounts } from '../row-counts.ts'
import type { SwappableFigure } from './figure.ts'

/** A figure that is computed from sums over rows. */
export interface CountsFigure extends SwappableFigure {
  readonly kind: 'counts'
  readonly counts: RowCounts
}

/** @throws RangeError when a slot is none of the counts, or the columns differ in length */
export function countsFigure(counts: RowCounts): CountsFigure {
  const { width, slots, amounts } = counts
  const rows = slots[0]?.length ?? 0
  check(counts, rows)
  /** Adds a row to the totals `times` times. */
  const add = (totals: Float64Array, row: number, times: number): void => {
    for (let column = 0; column < slots.length; column++) {
      const slot = slots[column]![row]!
      if (slot >= 0) totals[slot]! += times * (amounts === undefined ? 1 : amounts[column]![row]!)
    }
  }
  const totalsOf = (weights: Float64Array): Float64Array => {
    const totals = new Float64Array(width)
    for (let row = 0; row < rows; row++) {
      const weight = weights[row]!
      if (weight !== 0) add(totals, row, weight)
    }
    return totals
  }
  return {
    kind: 'counts',
    rows,
    counts,
    columns: [...slots, ...(amounts ?? [])],
    value: (weights) => counts.value(totalsOf(weights)),
    leaveOut(weights, { count: unitCount, starts, rows: unitRows }) {
      const totals = totalsOf(weights)
      const left = new Float64Array(width)
      const without = new Float64Array(unitCount)
      for (let unit = 0; unit < unitCount; unit++) {
        left.set(totals)
        for (let at = starts[unit]!; at < starts[unit + 1]!; at++) add(left, unitRows[at]!, -1)
        without[unit] = counts.value(left)
      }
      return without
    },
    gather({ count: unitCount, starts, rows: unitRows }) {
      const sums = new Float64Array(width * unitCount)
      const own = new Float64Array(width)
      for (let unit = 0; unit < unitCount; unit++) {
        own.fill(0)
        for (let at = starts[unit]!; at < starts[unit + 1]!; at++) add(own, unitRows[at]!, 1)
        for (let place = 0; place < width; place++) sums[place * unitCount + unit] = own[place]!
      }
      return { sums, width, valueOf: (totals) => counts.value(totals) }
    },
    pick: (picked) =>
      countsFigure({
        ...counts,
        slots: slots.map((column) => Int32Array.from(picked, (row) => column[row]!)),
        ...(amounts === undefined
          ? {}
          : { amounts: amounts.map((column) => Float64Array.from(picked, (row) => column[row]!)) }),
      }),
    join(other) {
      const { columns } = other
      const joined = (column: ArrayLike<number>, at: number): number[] => [
        ...Array.from(column),
        ...Array.from(columns[at] ?? []),
      ]
      return countsFigure({
        ...counts,
        slots: slots.map((column, at) => Int32Array.from(joined(column, at))),
        ...(amounts === undefined
          ? {}
          : { amounts: amounts.map((column, at) => Float64Array.from(joined(column, slots.length + at))) }),
      })
    },
  }
}

function check({ width, slots, amounts = [] }: RowCounts, rows: number): void {
  if ([...slots, ...amounts].some((column) => column.length !== rows)) {
    throw new RangeError(`the columns of counts differ in length from ${rows} rows`)
  }
  const wrong = slots.flatMap((column) => column.find((slot) => slot < -1 || slot >= width) ?? [])[0]
  if (wrong !== undefined) throw new RangeError(`there is no count ${wrong} among ${width}`)
}
