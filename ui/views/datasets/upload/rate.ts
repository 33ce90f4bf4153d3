const kept = 8

/** Bytes a second over the last parts that were sent, and the time that is left. */
export class Rate {
  #parts: { readonly bytes: number; readonly milliseconds: number }[] = []

  add(bytes: number, milliseconds: number): void {
    this.#parts = [...this.#parts, { bytes, milliseconds }].slice(-kept)
  }

  /** Undefined before anything was sent. */
  perSecond(): number | undefined {
    const milliseconds = this.#parts.reduce((sum, part) => sum + part.milliseconds, 0)
    if (milliseconds === 0) return undefined
    return (1000 * this.#parts.reduce((sum, part) => sum + part.bytes, 0)) / milliseconds
  }
}

const smallest = 2 ** 20
const largest = 2 ** 25

/** Bytes of the next part, so that one takes about a second: a cut loses little, and a gigabyte is not a thousand requests. */
export function nextPart(bytes: number, milliseconds: number): number {
  const wished = bytes * Math.min(4, 1000 / Math.max(1, milliseconds))
  return Math.round(Math.min(largest, Math.max(smallest, wished)))
}
