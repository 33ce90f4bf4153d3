/** What a set of lengths looks like. */
export interface LengthSummary {
  readonly count: number
  readonly total: number
  readonly mean: number
  /** The smallest length that at least half of all do not exceed; `p95` likewise. */
  readonly p50: number
  readonly p95: number
  readonly largest: number
}

/** A bar of a histogram: lengths from `from` to `to`, both included. */
export interface HistogramBar {
  readonly from: number
  readonly to: number
  readonly count: number
}

/**
 * Counts lengths exactly. It holds one number for each different length: the texts of a 5 GB file have at most 100,000
 * different ones, since the sum of n different lengths is at least n²/2.
 */
export class LengthTally {
  readonly #counts = new Map<number, number>()
  #count = 0
  #total = 0
  #largest = 0

  add(length: number, times = 1): void {
    this.#counts.set(length, (this.#counts.get(length) ?? 0) + times)
    this.#count += times
    this.#total += length * times
    if (length > this.#largest) this.#largest = length
  }

  /** How many are longer than the limit, and by how much in sum. */
  beyond(limit: number): { readonly count: number; readonly excess: number } {
    let count = 0
    let excess = 0
    for (const [length, times] of this.#counts) {
      if (length <= limit) continue
      count += times
      excess += (length - limit) * times
    }
    return { count, excess }
  }

  summary(): LengthSummary {
    const sorted = this.#sorted()
    const quantile = (share: number): number => {
      const wanted = Math.ceil(this.#count * share)
      let seen = 0
      for (const [length, times] of sorted) {
        seen += times
        if (seen >= wanted) return length
      }
      return 0
    }
    return {
      count: this.#count,
      total: this.#total,
      mean: this.#count === 0 ? 0 : this.#total / this.#count,
      p50: quantile(0.5),
      p95: quantile(0.95),
      largest: this.#largest,
    }
  }

  /**
   * Bars of equal, round width (1, 2 or 5 times a power of ten) over all lengths. Lengths far beyond the rest, from the
   * bar after the last of `bars` on, share the last one.
   */
  histogram(bars = 16): HistogramBar[] {
    if (this.#count === 0) return []
    const sorted = this.#sorted()
    // One very long record must not press all others into one bar.
    const { p95, largest } = this.summary()
    const width = roundWidth(Math.min(largest, 2 * p95 + 1) / bars)
    const counts: number[] = Array.from({ length: bars }, () => 0)
    for (const [length, times] of sorted) {
      const bar = Math.min(bars - 1, Math.floor(length / width))
      counts[bar] = (counts[bar] ?? 0) + times
    }
    const first = counts.findIndex((count) => count > 0)
    const last = counts.findLastIndex((count) => count > 0)
    return counts
      .map((count, bar) => ({
        from: bar * width,
        to: bar === bars - 1 ? Math.max(largest, bar * width + width - 1) : bar * width + width - 1,
        count,
      }))
      .slice(first, last + 1)
  }

  #sorted(): [number, number][] {
    return [...this.#counts].toSorted(([left], [right]) => left - right)
  }
}

function roundWidth(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)))
  return [1, 2, 5, 10].map((factor) => factor * power).find((width) => width >= least) ?? 10 * power
}
