/**
 * The quantile of sorted numbers, linear between order statistics: Hyndman and Fan's type 7 (The American Statistician
 * 50(4), 1996), the default of NumPy and R.
 *
 * @param sorted ascending, at least one number
 * @param share in [0, 1]
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError('the quantile of no numbers is not defined')
  const position = Math.min(Math.max(share, 0), 1) * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? 0
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low
  return low + (high - low) * (position - below)
}
