const newline = 10
const blanks: ReadonlySet<number> = new Set([9, newline, 13, 32])

/** Counts the lines of a file that are not blank, which in JSONL are its records, while it is copied. */
export class LineCounter {
  count = 0

  /** The same bytes; a last line that is not ended is, so that another file can follow. */
  async *pass(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let isBlank = true
    let last = newline
    for await (const chunk of source) {
      for (const byte of chunk) {
        if (!blanks.has(byte)) isBlank = false
        else if (byte === newline) {
          if (!isBlank) this.count++
          isBlank = true
        }
      }
      last = chunk.at(-1) ?? last
      yield chunk
    }
    if (!isBlank) this.count++
    if (last !== newline) yield Uint8Array.of(newline)
  }
}
