/** Disjoint sets of the numbers 0 to n - 1 (union to the smaller root, path halving). */
export class UnionFind {
  readonly #parents: Uint32Array

  constructor(size: number) {
    this.#parents = Uint32Array.from({ length: size }, (_, at) => at)
  }

  /** The smallest member of the set that holds `item`. */
  find(item: number): number {
    const parents = this.#parents
    let at = item
    for (;;) {
      const parent = parents[at] ?? at
      if (parent === at) return at
      const grandparent = parents[parent] ?? parent
      parents[at] = grandparent
      at = grandparent
    }
  }

  union(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)]
    this.#parents[Math.max(first, second)] = Math.min(first, second)
  }

  /** All sets, each in ascending order, ordered by their first members. */
  sets(): number[][] {
    const sets = new Map<number, number[]>()
    this.#parents.forEach((_, item) => {
      const root = this.find(item)
      const set = sets.get(root)
      if (set === undefined) sets.set(root, [item])
      else set.push(item)
    })
    return [...sets.values()]
  }
}
