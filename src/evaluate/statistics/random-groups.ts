import type { Random } from '../../lib/random.ts'
import type { Units } from './figure.ts'

/** From here on resampling every single row costs seconds and tells nothing more. */
export const manyRows = 20_000

const groupCount = 1_000

/**
 * Rows in 1,000 groups of equal size, at random. Groups of independent rows are independent, so resampling groups measures
 * the same spread as resampling rows, to 1 / √(2 · 1,000) = 2 % of itself: K. M. Wolter, Introduction to Variance
 * Estimation, 2007, ch. 2 (the random group method).
 */
export function randomGroups(random: Random, rows: number): Units {
  const order = random.shuffle(Array.from({ length: rows }, (_, row) => row))
  const starts = Uint32Array.from({ length: groupCount + 1 }, (_, group) =>
    Math.floor((group * rows) / groupCount),
  )
  return { count: groupCount, starts, rows: Uint32Array.from(order) }
}
