export interface CountedValue {
  readonly value: string
  readonly count: number
}

/** Counts values as long as there are few different ones; from then on only how often any came. */
export class ValueTally {
  readonly #counts = new Map<string, number>()
  readonly #limit: number
  #others = 0

  /** @param limit different values that are counted by name */
  constructor(limit: number) {
    this.#limit = limit
  }

  add(value: string): void {
    const count = this.#counts.get(value)
    if (count !== undefined) this.#counts.set(value, count + 1)
    else if (this.#counts.size < this.#limit) this.#counts.set(value, 1)
    else this.#others++
  }

  get distinct(): number {
    return this.#counts.size
  }

  /** How often values came that are not counted by name, because there were too many before. */
  get others(): number {
    return this.#others
  }

  /** The commonest first; equal ones by their code units. */
  sorted(): CountedValue[] {
    return [...this.#counts]
      .map(([value, count]) => ({ value, count }))
      .toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
  }
}
