/**
 * P-values adjusted for being many: S. Holm, Scandinavian Journal of Statistics 6(2), 1979. When all that stay below the
 * level are called differences, the chance that even one is false is below the level, whatever their dependence.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, at) => at).toSorted((a, b) => pValues[a]! - pValues[b]!)
  const adjusted = pValues.map(() => 1)
  let largest = 0
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, pValues[at]! * (pValues.length - rank)))
    adjusted[at] = largest
  })
  return adjusted
}
