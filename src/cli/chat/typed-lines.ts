import type { Interface } from 'node:readline'

/** Lines as they are typed or pasted; those that come while nobody asks are kept in order. */
export class TypedLines {
  readonly #lines: Interface
  readonly #waiting: string[] = []
  #isClosed = false
  #wake: () => void = () => undefined

  constructor(lines: Interface) {
    this.#lines = lines
    lines.on('line', (line) => {
      this.#waiting.push(line)
      this.#wake()
    })
    lines.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  /** Shows the prompt and waits; undefined once the input has ended. */
  async next(): Promise<string | undefined> {
    if (!this.#isClosed) this.#lines.prompt()
    if (this.#waiting.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#waiting.shift()
  }
}
