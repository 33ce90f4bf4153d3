import type { OutputStream } from '../host.ts'

/** Writes to a stream whose reader may go away, as that of a pipe into `head` does: the rest is then dropped in silence. */
export class Output implements Disposable {
  readonly #stream: OutputStream
  readonly #closed = new AbortController()
  readonly #onError: (error: NodeJS.ErrnoException) => void

  constructor(stream: OutputStream) {
    this.#stream = stream
    this.#onError = (error) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
      this.#closed.abort(error)
    }
    stream.on('error', this.#onError)
  }

  /** Aborted when nobody reads any more. */
  get closed(): AbortSignal {
    return this.#closed.signal
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true
  }

  get columns(): number {
    return this.#stream.columns ?? 100
  }

  write(text: string): void {
    if (!this.closed.aborted) this.#stream.write(text)
  }

  lines(lines: readonly string[]): void {
    if (lines.length > 0) this.write(`${lines.join('\n')}\n`)
  }

  /** Stops listening once everything that was written has been taken or refused. */
  async flush(): Promise<void> {
    if (this.closed.aborted) return
    await new Promise<void>((resolve) => {
      this.#stream.write('', () => resolve())
    })
  }

  [Symbol.dispose](): void {
    this.#stream.off('error', this.#onError)
  }
}
