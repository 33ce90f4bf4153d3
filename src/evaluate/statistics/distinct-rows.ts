/** Rows of one kind taken together. */
export interface DistinctRows {
  /** One row of each kind. */
  readonly representatives: Uint32Array
  /** How many rows are of that kind. */
  readonly multiplicities: Float64Array
}

/**
 * Which rows are equal in every column. Resampling only has to count how often each kind is drawn, which is exact and
 * takes time for each kind instead of each row.
 *
 * @returns null when there are more kinds than `limit`
 */
export function distinctRows(
  columns: readonly ArrayLike<number>[],
  rowCount: number,
  limit: number,
): DistinctRows | null {
  const kinds = new Uint32Array(rowCount)
  let kindCount = Math.min(rowCount, 1)
  for (const column of columns) {
    const numbers = new Map<number, number>()
    const finer = new Map<number, number>()
    for (let row = 0; row < rowCount; row++) {
      const value = column[row] ?? Number.NaN
      let number = numbers.get(value)
      if (number === undefined) numbers.set(value, (number = numbers.size))
      // Both factors are below 2^26 for any table that fits into memory.
      const key = kinds[row]! * 2 ** 26 + number
      let kind = finer.get(key)
      if (kind === undefined) finer.set(key, (kind = finer.size))
      kinds[row] = kind
      if (finer.size > limit) return null
    }
    kindCount = finer.size
  }
  if (kindCount > limit) return null
  const representatives = new Uint32Array(kindCount)
  const multiplicities = new Float64Array(kindCount)
  for (let row = rowCount - 1; row >= 0; row--) {
    representatives[kinds[row]!] = row
    multiplicities[kinds[row]!]!++
  }
  return { representatives, multiplicities }
}
