/** Turns text pieces into what may be shown: ends at a stop text and holds back what could be the start of one. */
export class AnswerText {
  readonly #stops: readonly string[]
  #held = ''
  #stop: string | undefined

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '')
  }

  get stopped(): boolean {
    return this.#stop !== undefined
  }

  /** The stop text at which it ended; where several end at the same place, the longest. */
  get stop(): string | undefined {
    return this.#stop
  }

  /** The text that can be shown now. */
  push(piece: string): string {
    if (this.stopped) return ''
    const text = this.#held + piece
    const place = firstStop(text, this.#stops)
    if (place !== undefined) {
      this.#stop = place.stop
      this.#held = ''
      return text.slice(0, place.start)
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

/**
 * Where the stop text that is complete first begins. Its end decides and not its start, so that the answer does not depend
 * on how the text was cut into pieces.
 */
function firstStop(text: string, stops: readonly string[]): { start: number; stop: string } | undefined {
  let first: { start: number; end: number; stop: string } | undefined
  for (const stop of stops) {
    const start = text.indexOf(stop)
    const end = start + stop.length
    if (start < 0 || (first !== undefined && end > first.end)) continue
    if (end !== first?.end || start < first.start) first = { start, end, stop }
  }
  return first
}

/** Length of the longest end of `text` that is a start of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length
  }
  return 0
}
