import type { UnitSums } from './figure.ts'

/** So many weightings are summed in one pass over the units. */
export const passSize = 4

/** Weighted sums of all units, each unit as often as it weighs, for several weightings `[weighting][unit]`: `[weighting][width]`. */
export type WeightedSums = (weightings: readonly Float64Array[]) => Float64Array[]

/**
 * Prepares the sums of units for many weightings. Four weightings go through two columns together: eight sums stay in registers,
 * and each number is read from memory once for four of them. A column of nothing is left out: swapping answers does not change how
 * often a label is expected.
 */
export function createWeightedSums({ sums, width }: Pick<UnitSums, 'sums' | 'width'>): WeightedSums {
  const units = sums.length / width
  const columns = Array.from({ length: width }, (_, place) => ({
    place,
    numbers: sums.subarray(place * units, (place + 1) * units),
  })).filter(({ numbers }) => numbers.some((number) => number !== 0))
  const nothing = { place: width, numbers: new Float64Array(units) }
  return (weightings) => {
    const totals = weightings.map(() => new Float64Array(width))
    for (let from = 0; from < weightings.length; from += passSize) {
      const [a, b, c, d] = [0, 1, 2, 3].map((at) => weightings[from + at] ?? nothing.numbers)
      for (let at = 0; at < columns.length; at += 2) {
        const [first, second] = [columns[at]!, columns[at + 1] ?? nothing]
        const found = sumColumns(first.numbers, second.numbers, a!, b!, c!, d!)
        for (const [which, total] of totals.slice(from, from + passSize).entries()) {
          total[first.place] = found[which * 2]!
          // Beyond its last place a typed array takes nothing.
          total[second.place] = found[which * 2 + 1]!
        }
      }
    }
    return totals
  }
}

/** The sums of two columns under four weightings: `[weighting, column]`. */
function sumColumns(
  first: Float64Array,
  second: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): readonly number[] {
  let [a1, a2, b1, b2, c1, c2, d1, d2] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let unit = 0; unit < first.length; unit++) {
    const left = first[unit]!
    const right = second[unit]!
    const u = a[unit]!
    const v = b[unit]!
    const w = c[unit]!
    const x = d[unit]!
    a1 += u * left
    a2 += u * right
    b1 += v * left
    b2 += v * right
    c1 += w * left
    c2 += w * right
    d1 += x * left
    d2 += x * right
  }
  return [a1, a2, b1, b2, c1, c2, d1, d2]
}
