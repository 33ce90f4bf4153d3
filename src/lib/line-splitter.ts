import { isAscii, isUtf8 } from 'node:buffer'

/** A line of a text file without its line break, or what is wrong with it. `number` is 1-based. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly fault: 'too-long' | 'not-utf8'; readonly bytes: number }

const lineFeed = 0x0a

/**
 * Cuts UTF-8 bytes into lines, as many at once as a chunk holds. A byte order mark at the start and a carriage return at the
 * end of a line are dropped; a last line without a line break counts when it is not empty.
 */
export class LineSplitter {
  readonly #maximum: number
  #carried: Buffer[] = []
  #bytes = 0
  #number = 1

  /** @param maximumBytes a longer line is a fault; at most this many bytes of it are held */
  constructor(maximumBytes: number = 16 * 2 ** 20) {
    this.#maximum = maximumBytes
  }

  /** Lines that end in this chunk; the chunk may be used again afterwards. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = []
    let start = 0
    if (this.#bytes > 0) {
      const end = chunk.indexOf(lineFeed)
      this.#carry(end === -1 ? chunk : chunk.subarray(0, end))
      if (end === -1) return lines
      lines.push(this.#takeCarried())
      start = end + 1
    }
    const last = chunk.lastIndexOf(lineFeed)
    if (last >= start) this.#takeWhole(chunk.subarray(start, last), lines)
    this.#carry(chunk.subarray(Math.max(start, last + 1)))
    return lines
  }

  /** The last line, where the text does not end with a line break. */
  end(): Line[] {
    return this.#bytes > 0 ? [this.#takeCarried()] : []
  }

  #carry(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes > this.#maximum) this.#carried = []
    else if (part.length > 0) this.#carried.push(Buffer.from(part))
  }

  #takeCarried(): Line {
    const line = this.#toLine(
      this.#carried.length === 1 ? (this.#carried[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#carried),
      this.#bytes,
    )
    this.#carried = []
    this.#bytes = 0
    return line
  }

  /** Complete lines, without the last line break. One check for all of them is much faster than one each. */
  #takeWhole(bytes: Buffer, lines: Line[]): void {
    if (bytes.length > this.#maximum || !isUtf8(bytes)) {
      for (let start = 0; ;) {
        const end = bytes.indexOf(lineFeed, start)
        const part = bytes.subarray(start, end === -1 ? bytes.length : end)
        lines.push(this.#toLine(part, part.length))
        if (end === -1) return
        start = end + 1
      }
    }
    // Line by line again: one letter outside of Latin-1 would make a string of all lines twice as long, and slow to parse.
    const encoding = isAscii(bytes) ? 'latin1' : 'utf8'
    const isMarked = this.#number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    let start = isMarked ? 3 : 0
    for (;;) {
      const end = bytes.indexOf(lineFeed, start)
      const stop = end === -1 ? bytes.length : end
      const isCarriage = stop > start && bytes[stop - 1] === 0x0d
      const text = bytes.toString(encoding, start, isCarriage ? stop - 1 : stop)
      lines.push({ number: this.#number++, text })
      if (end === -1) return
      start = end + 1
    }
  }

  #toLine(bytes: Buffer, length: number): Line {
    const number = this.#number++
    if (length > this.#maximum) return { number, fault: 'too-long', bytes: length }
    const marked = number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length
    const body = bytes.subarray(marked ? 3 : 0, end)
    return isUtf8(body)
      ? { number, text: body.toString('utf8') }
      : { number, fault: 'not-utf8', bytes: length }
  }
}
