/**
 * Hands on, once a frame, all that was added since the frame before: a thousand tokens a second are drawn sixty times, not a thousand.
 * No frame comes while the tab is hidden, and nothing is drawn then; `flush` hands on at once.
 */
export class FrameBatch<Item> {
  readonly #take: (items: readonly Item[]) => void
  #items: Item[] = []
  #frame: number | undefined

  constructor(take: (items: readonly Item[]) => void) {
    this.#take = take
  }

  add(item: Item): void {
    this.#items.push(item)
    this.#frame ??= requestAnimationFrame(() => this.flush())
  }

  flush(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    const items = this.#items
    this.#items = []
    if (items.length > 0) this.#take(items)
  }
}
