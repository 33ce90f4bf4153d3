const fewest = 4
const firstLength = 6
const most = 8

/**
 * How many tokens of an answer a rounded computation foretells before they are checked. Each takes about half as long as an
 * exact one, and checking a few takes little longer than computing one: it pays as long as most of them are right.
 * Speculative decoding with a rounded copy of the model as its own draft: Leviathan et al. 2023,
 * https://arxiv.org/abs/2211.17192
 */
export class RoundedDraft {
  #length = firstLength

  get length(): number {
    return this.#length
  }

  /** Learns from how many of the foretold tokens were right. */
  judge(foretold: number, right: number): void {
    this.#length = right === foretold ? Math.min(most, this.#length + 1) : Math.max(fewest, right)
  }
}
