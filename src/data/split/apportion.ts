/**
 * Divides `total` seats in proportion to the weights, none above its cap, by largest remainders (Hamilton's method); ties go
 * to the earlier. The sum is `total`, or all caps where they do not suffice.
 */
export function apportion(total: number, weights: readonly number[], caps: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const quotas = weights.map((weight) => (sum === 0 ? 0 : (total * weight) / sum))
  const seats = quotas.map((quota, at) => Math.min(Math.floor(quota), caps[at] ?? 0))
  let left = total - seats.reduce((a, b) => a + b, 0)
  while (left > 0) {
    const open = seats
      .map((seat, at) => ({ at, lack: (quotas[at] ?? 0) - seat }))
      .filter(({ at }) => (seats[at] ?? 0) < (caps[at] ?? 0))
      .toSorted((a, b) => b.lack - a.lack || a.at - b.at)
    if (open.length === 0) break
    for (const { at } of open.slice(0, left)) {
      seats[at] = (seats[at] ?? 0) + 1
      left--
    }
  }
  return seats
}
