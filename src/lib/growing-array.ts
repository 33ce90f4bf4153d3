/** Unsigned 32-bit numbers whose count is not known beforehand: 4 bytes each, up to 8 while it grows. */
export class GrowingUint32 {
  #values: Uint32Array
  #length = 0

  /** @param capacity numbers for which there is room before anything is copied */
  constructor(capacity = 1024) {
    this.#values = new Uint32Array(Math.max(16, capacity))
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(Math.ceil(this.#values.length * 1.5))
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  /** The number at an index below `length`. */
  at(index: number): number {
    return this.#values[index]!
  }

  set(index: number, value: number): void {
    this.#values[index] = value
  }

  /** All that it has room for. */
  get room(): Uint32Array {
    return this.#values
  }

  /** A view of all numbers, valid until the next `push`. */
  view(): Uint32Array {
    return this.#values.subarray(0, this.#length)
  }
}
