import type { UnitSums } from './figure.ts'

/** So many weightings are summed in one pass over the units. */
export const passSize = 4

/**
 * The sums of all units, each unit as often as it weighs, for several weightings `[weighting][unit]`. Four of them go through
 * the units together: each number is read from memory once for all four.
 *
 * @returns `[weighting][width]`
 */
export function weightedSums(
  { sums, width }: Pick<UnitSums, 'sums' | 'width'>,
  weightings: readonly Float64Array[],
): Float64Array[] {
  const units = sums.length / width
  const nothing = weightings.length % passSize === 0 ? weightings[0]! : new Float64Array(units)
  const passes = Array.from({ length: Math.ceil(weightings.length / passSize) }, (_, pass) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((at) => weightings[pass * passSize + at] ?? nothing)
    const together = new Float64Array(width * passSize)
    for (let unit = 0; unit < units; unit++) {
      addUnit(together, sums, unit * width, a![unit]!, b![unit]!, c![unit]!, d![unit]!)
    }
    return together
  })
  return weightings.map((_, at) => {
    const together = passes[Math.floor(at / passSize)]!
    return Float64Array.from({ length: width }, (__, place) => together[place * passSize + (at % passSize)]!)
  })
}

/** @param together `[width, passSize]` */
function addUnit(
  together: Float64Array,
  sums: Float64Array,
  start: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  if (a === 0 && b === 0 && c === 0 && d === 0) return
  for (let at = 0, from = start; at < together.length; at += passSize, from++) {
    const value = sums[from]!
    together[at]! += a * value
    together[at + 1]! += b * value
    together[at + 2]! += c * value
    together[at + 3]! += d * value
  }
}
