import { createRandom } from '../../lib/random.ts'

/** A uniform sample of what passes by, of at most `size` items (Vitter's algorithm R); the same for the same seed. */
export class Sample<Item> {
  readonly items: Item[] = []
  readonly #size: number
  readonly #random = createRandom('sample')
  #seen = 0

  constructor(size: number) {
    this.#size = size
  }

  /** @param make called only when the item is taken */
  offer(make: () => Item): void {
    this.#seen++
    if (this.items.length < this.#size) {
      this.items.push(make())
      return
    }
    const place = Math.floor(this.#random.next() * this.#seen)
    if (place < this.#size) this.items[place] = make()
  }
}
