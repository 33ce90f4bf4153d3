/** What one model unit of a provisioned throughput buys: answers generated at once, and tokens in a minute, in and out. */
export const unitSlots = 4
export const unitTokensPerMinute = 60_000

/** An endpoint has no room for a request now. */
export class ThroughputExceeded extends Error {
  override readonly name = 'ThroughputExceeded'
}

interface Use {
  running: number
  /** Tokens that may still be used, refilled as time goes by. */
  tokens: number
  refilled: number
}

/** Keeps endpoints within what they bought. Counts this process's requests. */
export class Throughput {
  readonly #now: () => number
  readonly #uses = new Map<string, Use>()

  /** @param now milliseconds, for the refill */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * Takes a place at an endpoint, given back when it is disposed.
   *
   * @throws ThroughputExceeded when all places are taken, or the minute's tokens are used up
   */
  enter(endpoint: string, units: number): { spend(tokens: number): void } & Disposable {
    const use = this.#refilled(endpoint, units)
    if (use.running >= units * unitSlots) {
      throw new ThroughputExceeded(`all ${units * unitSlots} places are taken`)
    }
    if (use.tokens <= 0) throw new ThroughputExceeded('the tokens of this minute are used up')
    use.running++
    let left = false
    return {
      spend: (tokens) => {
        use.tokens -= tokens
      },
      [Symbol.dispose]: () => {
        if (!left) use.running--
        left = true
      },
    }
  }

  /** Tokens that may still be used now, and how many may be in a minute. */
  left(endpoint: string, units: number): { readonly tokens: number; readonly most: number } {
    const { tokens } = this.#refilled(endpoint, units)
    return { tokens: Math.max(0, Math.floor(tokens)), most: units * unitTokensPerMinute }
  }

  #refilled(endpoint: string, units: number): Use {
    const now = this.#now()
    const most = units * unitTokensPerMinute
    const use = this.#uses.get(endpoint) ?? { running: 0, tokens: most, refilled: now }
    use.tokens = Math.min(most, use.tokens + ((now - use.refilled) / 60_000) * most)
    use.refilled = now
    this.#uses.set(endpoint, use)
    return use
  }
}
