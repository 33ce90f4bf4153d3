import type { Random } from '../../lib/random.ts'
import { distinctRows } from './distinct-rows.ts'
import { drawBinomial } from './draw-binomial.ts'
import { evenWeights, type Figure, type SwappableFigure, type Units, type UnitSums } from './figure.ts'
import { manyRows, randomGroups } from './random-groups.ts'
import { createWeightedSums, passSize } from './weighted-sums.ts'

export interface PermutationTest {
  /** Two-sided. */
  readonly pValue: number
  /** All ways to swap were tried, rather than a sample of them. */
  readonly exact: boolean
}

export interface PermutationOptions {
  readonly random: Random
  /** How many ways to swap are drawn where there are too many to try all. Default 10,000. */
  readonly permutations?: number
}

/** Of more kinds of rows than this, random groups are swapped where there are many rows. */
const mostKinds = 2_000

/** Up to this many differing pairs, all ways to swap are tried: about a million. */
const exactPairs = 20

/**
 * The paired permutation test of a mean difference: if the two candidates were alike, each difference could as well have
 * had the other sign (R. A. Fisher, The Design of Experiments, 1935, §21). Of a sample of sign changes, the data count as
 * one more, so that p is never 0: B. Phipson and G. K. Smyth, Statistical Applications in Genetics and Molecular Biology
 * 9(1), 2010.
 *
 * @param differences - second − first of each row, or their sums over each group
 */
export function signFlipTest(differences: Float64Array, options: PermutationOptions): PermutationTest {
  const grouped = inGroups(differences, options.random)
  if (grouped !== null) return signFlipTest(grouped, options)
  const sizes = differences.filter((difference) => difference !== 0).map(Math.abs)
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0))
  const reaches = atLeast(
    observed,
    sizes.reduce((sum, size) => sum + size, 0),
  )
  if (sizes.length === 0) return { pValue: 1, exact: true }
  if (sizes.length <= exactPairs) {
    let [sum, extreme] = [sizes.reduce((total, size) => total + size, 0), 0]
    const positive = new Uint8Array(sizes.length).fill(1)
    const ways = 2 ** sizes.length
    for (let way = 1; ; way++) {
      if (reaches(Math.abs(sum))) extreme++
      if (way === ways) return { pValue: extreme / ways, exact: true }
      // A Gray code: from one way to the next a single sign changes.
      const at = Math.log2(way & -way)
      sum += positive[at] === 1 ? -2 * sizes[at]! : 2 * sizes[at]!
      positive[at] = 1 - positive[at]!
    }
  }
  const { random, permutations = 10_000 } = options
  const sumOnce = signedSums(sizes, random)
  let extreme = 0
  for (let at = 0; at < permutations; at++) if (reaches(Math.abs(sumOnce()))) extreme++
  return { pValue: (extreme + 1) / (permutations + 1), exact: false }
}

/** Of more than 20,000 differences that do not repeat, the sums over random groups; null of others. */
function inGroups(differences: Float64Array, random: Random): Float64Array | null {
  if (differences.length <= manyRows) return null
  if (distinctRows([differences], differences.length, differences.length / 8) !== null) return null
  const { count, starts, rows } = randomGroups(random, differences.length)
  return Float64Array.from({ length: count }, (_, group) =>
    rows.subarray(starts[group], starts[group + 1]).reduce((sum, row) => sum + differences[row]!, 0),
  )
}

/** The sum of the sizes with random signs; where sizes repeat, only how many are positive is drawn. */
function signedSums(sizes: Float64Array, random: Random): () => number {
  const kinds = distinctRows([sizes], sizes.length, sizes.length / 8)
  if (kinds !== null) {
    const values = Float64Array.from(kinds.representatives, (at) => sizes[at]!)
    return () =>
      values.reduce((sum, size, kind) => {
        const count = kinds.multiplicities[kind]!
        return sum + size * (2 * drawBinomial(random, count, 0.5) - count)
      }, 0)
  }
  return () => {
    let sum = 0
    for (let at = 0; at < sizes.length;) {
      let bits = random.integer(2 ** 32)
      for (const end = Math.min(at + 32, sizes.length); at < end; at++) {
        sum += (bits & 1) === 0 ? sizes[at]! : -sizes[at]!
        bits >>>= 1
      }
    }
    return sum
  }
}

/**
 * The paired permutation test of any figure, also called approximate randomisation: the answers of the two candidates to
 * a row are swapped at random (E. W. Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989). Of more than 20,000
 * rows that do not repeat, random groups are swapped.
 *
 * @param units what is swapped as a whole; single rows when left out
 */
export function swapTest(
  first: SwappableFigure,
  second: SwappableFigure,
  options: PermutationOptions & { readonly units?: Units },
): PermutationTest {
  const { rows } = first
  const kinds =
    options.units === undefined
      ? distinctRows([...first.columns, ...second.columns], rows, rows > manyRows ? mostKinds : rows / 2)
      : null
  const isLarge = rows > manyRows && kinds === null
  const units = options.units ?? (isLarge ? randomGroups(options.random, rows) : undefined)
  if (units !== undefined) {
    return swapSums(first.gather(units), second.gather(units), options)
  }
  if (kinds === null) return swap(first.join(second), evenWeights(first.rows), options)
  const { representatives, multiplicities } = kinds
  return swap(first.pick(representatives).join(second.pick(representatives)), multiplicities, options)
}

/** Swaps whole units, of which only the sums are needed. */
function swapSums(
  first: UnitSums,
  second: UnitSums,
  { random, permutations = 10_000 }: PermutationOptions,
): PermutationTest {
  const { width, sums } = first
  const change = sums.map((sum, at) => second.sums[at]! - sum)
  const units = sums.length / width
  const totals = [first, second].map((side) => {
    const total = new Float64Array(width)
    side.sums.forEach((sum, at) => (total[Math.floor(at / units)]! += sum))
    return total
  })
  const swapped = [new Float64Array(width), new Float64Array(width)] as const
  const differenceWith = (moved: Float64Array): number => {
    for (let at = 0; at < width; at++) {
      swapped[0][at] = totals[0]![at]! + moved[at]!
      swapped[1][at] = totals[1]![at]! - moved[at]!
    }
    return Math.abs(second.valueOf(swapped[1]) - first.valueOf(swapped[0]))
  }
  const reaches = atLeast(differenceWith(new Float64Array(width)), 1)
  let extreme = 0
  const weightedSums = createWeightedSums({ sums: change, width })
  const isSwapped = Array.from({ length: passSize }, () => new Float64Array(units))
  for (let drawn = 0; drawn < permutations; drawn += passSize) {
    const some = isSwapped.slice(0, permutations - drawn)
    for (const each of some) for (let unit = 0; unit < units; unit++) each[unit] = random.integer(2)
    for (const moved of weightedSums(some)) if (reaches(differenceWith(moved))) extreme++
  }
  return { pValue: (extreme + 1) / (permutations + 1), exact: false }
}

/** @param both the rows of the first, then those of the second, each as often as `full` says */
function swap(
  both: Figure,
  full: Float64Array,
  { random, permutations = 10_000 }: PermutationOptions,
): PermutationTest {
  const size = full.length
  const kept = new Float64Array(2 * size)
  const swapped = new Float64Array(2 * size)
  const difference = (): number => {
    for (let at = 0; at < size; at++) {
      kept[size + at] = full[at]! - kept[at]!
      swapped[at] = full[at]! - kept[at]!
      swapped[size + at] = kept[at]!
    }
    return Math.abs(both.value(swapped) - both.value(kept))
  }
  kept.set(full)
  const reaches = atLeast(difference(), 1)
  let extreme = 0
  for (let drawn = 0; drawn < permutations; drawn++) {
    for (let at = 0; at < size; at++) {
      kept[at] = full[at] === 1 ? random.integer(2) : drawBinomial(random, full[at]!, 0.5)
    }
    if (reaches(difference())) extreme++
  }
  return { pValue: (extreme + 1) / (permutations + 1), exact: false }
}

/** At least as large as what was observed, as far as sums of doubles can tell. */
const atLeast = (observed: number, scale: number): ((value: number) => boolean) => {
  const limit = observed - 1e-12 * Math.max(observed, scale)
  return (value) => value >= limit
}

/**
 * The two-sided p-value of a difference from its bootstrap replicates: how often they lie on the other side of zero, twice
 * (A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application, 1997, §4.4, by inverting the percentile
 * interval). Less exact than a permutation test; for figures that have none.
 */
export function bootstrapTest(replicates: Float64Array): number {
  const known = replicates.filter((value) => !Number.isNaN(value))
  const below = known.filter((value) => value <= 0).length
  const above = known.filter((value) => value >= 0).length
  return Math.min(1, (2 * (Math.min(below, above) + 1)) / (known.length + 1))
}
