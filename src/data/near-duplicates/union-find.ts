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
}
