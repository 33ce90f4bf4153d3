/** More different ones are no labels. */
const mostLabels = 2_000
const longestLabel = 80

/** How often each label occurs, and where first. Memory is bounded: texts that are too long or too many end the count. */
export class LabelTally {
  readonly #labels = new Map<string, { count: number; first: number }>()
  #records = 0
  #unlike = 0

  take(label: string | undefined, key: number): void {
    this.#records++
    if (label === undefined) return
    const known = label.length > longestLabel ? undefined : this.#labels.get(label)
    if (known !== undefined) known.count++
    else if (label.length > longestLabel || this.#labels.size >= mostLabels) this.#unlike++
    else this.#labels.set(label, { count: 1, first: key })
  }

  get labels(): ReadonlyMap<string, { readonly count: number; readonly first: number }> {
    return this.#labels
  }

  /**
   * True where the texts behave as labels do: nearly all are short, and on average each occurs five times or more.
   * Without this test every answer would be a label that occurs once.
   */
  get looksLikeLabels(): boolean {
    const counted = this.#records - this.#unlike
    return this.#labels.size >= 2 && this.#unlike <= this.#records * 0.02 && counted >= 5 * this.#labels.size
  }
}
