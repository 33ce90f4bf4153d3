import { GrowingUint32 } from './growing-array.ts'

/**
 * Numbers 64-bit hashes in the order in which they first come: 0, 1, 2 … Takes 8 bytes for each and 6 to 12 for the table.
 * Among 5 million different texts, some two have the same hash with a probability of 7e-7.
 */
export class HashIndex {
  readonly #low: GrowingUint32
  readonly #high: GrowingUint32
  #table: Int32Array
  #mask: number

  constructor(capacity = 1024) {
    this.#low = new GrowingUint32(capacity)
    this.#high = new GrowingUint32(capacity)
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1024, capacity * 1.4)))
    this.#table = new Int32Array(slots).fill(-1)
    this.#mask = slots - 1
  }

  get size(): number {
    return this.#low.length
  }

  /** The number of a hash; a new one gets the next. */
  add(low: number, high: number): number {
    let slot = low & this.#mask
    for (;;) {
      const id = this.#table[slot]!
      if (id < 0) break
      if (this.#low.at(id) === low && this.#high.at(id) === high) return id
      slot = (slot + 1) & this.#mask
    }
    const id = this.#low.length
    this.#table[slot] = id
    this.#low.push(low)
    this.#high.push(high)
    if (this.#low.length > this.#table.length * 0.75) this.#grow()
    return id
  }

  /** The number of a hash, -1 for one that was never added. */
  find(low: number, high: number): number {
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const id = this.#table[slot]!
      if (id < 0 || (this.#low.at(id) === low && this.#high.at(id) === high)) return id
    }
  }

  /**
   * The memory that it took, for other numbers: at least as many each as there are hashes. Nothing can be looked up afterwards. What is
   * only dropped may stay for long, because the collector does not see how much it is.
   */
  release(): { readonly low: Uint32Array; readonly high: Uint32Array; readonly table: Int32Array } {
    return { low: this.#low.room, high: this.#high.room, table: this.#table }
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2).fill(-1)
    this.#mask = this.#table.length - 1
    for (let id = 0; id < this.#low.length; id++) {
      let slot = this.#low.at(id) & this.#mask
      while (this.#table[slot]! >= 0) slot = (slot + 1) & this.#mask
      this.#table[slot] = id
    }
  }
}
