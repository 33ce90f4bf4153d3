export interface BriefCacheOptions {
  /** How old a value may be. */
  readonly milliseconds: number
  /** Values that are kept; all are forgotten when there are more. */
  readonly most: number
  /** Milliseconds. */
  readonly now?: () => number
}

/** Values that are asked for again and again, and may be a moment old. Nothing is kept of what is not there. */
export class BriefCache<Value> {
  readonly #milliseconds: number
  readonly #most: number
  readonly #now: () => number
  readonly #held = new Map<string, { readonly value: Promise<Value>; readonly until: number }>()

  constructor({ milliseconds, most, now = () => performance.now() }: BriefCacheOptions) {
    this.#milliseconds = milliseconds
    this.#most = most
    this.#now = now
  }

  /** The value under a key, loaded where there is none that is young enough. Who asks meanwhile waits for the same. */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    // The age counts from before it is read: it may change right after.
    const now = this.#now()
    const found = this.#held.get(key)
    if (found !== undefined && now < found.until) return found.value
    if (this.#held.size >= this.#most) this.#held.clear()
    const value = load()
    const held = { value, until: now + this.#milliseconds }
    this.#held.set(key, held)
    const drop = (): void => {
      if (this.#held.get(key) === held) this.#held.delete(key)
    }
    value.then((loaded) => loaded === undefined && drop(), drop)
    return value
  }

  /** Forgets everything: something was changed. */
  clear(): void {
    this.#held.clear()
  }
}
