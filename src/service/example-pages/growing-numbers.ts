type NumberArray =
  | Float64Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>

/** Numbers of one type whose count is not known before. */
export class GrowingNumbers<Numbers extends NumberArray> {
  #numbers: Numbers
  readonly #make: new (length: number) => Numbers
  length = 0

  constructor(make: new (length: number) => Numbers) {
    this.#make = make
    this.#numbers = new make(1024)
  }

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const larger = new this.#make(2 * this.length)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.length++] = number
  }

  at(index: number): number {
    return index < this.length ? (this.#numbers[index] ?? 0) : 0
  }

  view(): Numbers {
    return this.#numbers.slice(0, this.length) as Numbers
  }
}
