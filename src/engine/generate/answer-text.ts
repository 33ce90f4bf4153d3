/** Turns text pieces into what may be shown: ends at a stop text and holds back what could be the start of one. */
export class AnswerText {
  readonly #stops: readonly string[]
  #held = ''
  #stopped = false

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '')
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** The text that can be shown now. */
  push(piece: string): string {
    if (this.#stopped) return ''
    const text = this.#held + piece
    const places = this.#stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0)
    if (places.length > 0) {
      this.#stopped = true
      this.#held = ''
      return text.slice(0, Math.min(...places))
    }
    const keep = Math.max(0, ...this.#stops.map((stop) => overlap(text, stop)))
    this.#held = text.slice(text.length - keep)
    return text.slice(0, text.length - keep)
  }

  /** What was held back, once no more text comes. */
  end(): string {
    const rest = this.#held
    this.#held = ''
    return rest
  }
}

/** Length of the longest end of `text` that is a start of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length
  }
  return 0
}
