import { isUtf8 } from 'node:buffer'
import { largestRecordBytes, tooLong, type SourceRow } from './source-row.ts'

const quote = 0x22
const backslash = 0x5c
const lineFeed = 0x0a

/** Where the records of a JSON file stand: the top-level values, the elements of a list, or of the list under a key. */
export type JsonShape =
  | { readonly in: 'sequence' }
  | { readonly in: 'list' }
  | { readonly in: 'key'; readonly key: string }

/**
 * Cuts the records out of JSON text without parsing it: it follows strings and brackets only, and each record is parsed by
 * itself later. Nothing but the record under way is held.
 */
export class JsonElements {
  readonly #shape: JsonShape
  /** Brackets around a record. */
  readonly #base: number
  #depth = 0
  #inString = false
  #escaped = false
  /** In the list whose elements are the records. */
  #inside: boolean
  #line = 1
  #elementLine = 0
  #carried: Buffer[] = []
  #carriedBytes = 0
  /** Something of the element under way was seen. */
  #started = false
  #commaSeen = true
  #ended = false
  /** The top-level value is over. */
  #closed = false
  /** The text of the key under way, at the top level of an object with records under a key. */
  #keyParts: number[] | undefined
  #key = ''
  #lists = 0
  #rows: SourceRow[] = []

  constructor(shape: JsonShape) {
    this.#shape = shape
    this.#base = { sequence: 0, list: 1, key: 2 }[shape.in]
    this.#inside = shape.in === 'sequence'
  }

  /** Records that end in this chunk. */
  push(chunk: Buffer): SourceRow[] {
    let from = this.#started ? 0 : -1
    let at = 0
    while (at < chunk.length && !this.#ended) {
      if (this.#inString) {
        const end = this.#stringEnd(chunk, at)
        if (this.#keyParts !== undefined) this.#keepKey(chunk, at, end === -1 ? chunk.length : end)
        if (end === -1) {
          at = chunk.length
          break
        }
        this.#inString = false
        at = end + 1
        if (this.#keyParts !== undefined) {
          this.#key = Buffer.from(this.#keyParts).toString('utf8')
          this.#keyParts = undefined
        }
        continue
      }
      const byte = chunk[at] ?? 0
      if (byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf) {
        if (byte === lineFeed) this.#line++
        if (from !== -1 && this.#depth === this.#base && this.#isScalarEnd(from, at)) {
          this.#finish(chunk, from, at)
          from = -1
        }
        at++
        continue
      }
      const isRecordLevel = this.#inside && this.#depth === this.#base
      if (isRecordLevel && byte === 0x2c) {
        if (from !== -1) this.#finish(chunk, from, at)
        else if (this.#commaSeen || this.#shape.in === 'sequence') this.#garble('a comma without a value')
        from = -1
        this.#commaSeen = true
        at++
        continue
      }
      if (isRecordLevel && byte === 0x5d && this.#base > 0) {
        if (from !== -1) this.#finish(chunk, from, at)
        from = -1
        this.#inside = false
        this.#close()
        at++
        continue
      }
      if (isRecordLevel && from === -1) {
        if (!this.#commaSeen && this.#shape.in !== 'sequence') this.#garble('two values without a comma')
        from = at
        this.#started = true
        this.#elementLine = this.#line
      }
      at = this.#step(byte, at)
      if (from !== -1 && this.#depth === this.#base && (byte === 0x7d || byte === 0x5d)) {
        this.#finish(chunk, from, at)
        from = -1
      }
    }
    if (from !== -1 && !this.#ended) this.#carry(chunk.subarray(from, at))
    return this.#take()
  }

  /** A record that the file ends in the middle of. */
  end(): SourceRow[] {
    if (this.#ended) return this.#take()
    if (this.#started && this.#base === 0 && this.#depth === 0 && !this.#inString) {
      this.#finish(Buffer.alloc(0), 0, 0)
    } else if (this.#depth > 0 || this.#started) {
      this.#fault(this.#started ? this.#elementLine : this.#line, 'the file ends in the middle of its JSON')
    }
    return this.#take()
  }

  /** One byte outside of strings; returns where to go on. */
  #step(byte: number, at: number): number {
    // The whole value is over: only white space may follow.
    if (this.#depth === 0 && this.#shape.in !== 'sequence' && (this.#closed || byte === quote)) {
      this.#garble('text after the end of its JSON')
      return at + 1
    }
    switch (byte) {
      case quote:
        this.#inString = true
        if (this.#shape.in === 'key' && this.#depth === 1) this.#keyParts = []
        break
      case 0x7b:
      case 0x5b:
        this.#depth++
        if (!this.#inside) this.#enter(byte)
        break
      case 0x7d:
      case 0x5d:
        this.#close()
        break
      default:
      // Numbers and words are looked at with their record.
    }
    return at + 1
  }

  #close(): void {
    this.#depth--
    if (this.#depth < 0) this.#garble('a bracket that nothing opened')
    else if (this.#depth === 0) this.#closed = true
  }

  /** A bracket outside of the records: perhaps that of their list. */
  #enter(byte: number): void {
    if (byte !== 0x5b || this.#depth !== this.#base) return
    if (this.#shape.in === 'key' && this.#key !== this.#shape.key) return
    if (++this.#lists > 1) {
      this.#garble(this.#shape.in === 'key' ? 'its list of records twice' : 'a second list')
      return
    }
    this.#inside = true
    this.#commaSeen = true
  }

  /** Where the string ends, or -1; remembers an escape at the end of the chunk. */
  #stringEnd(chunk: Buffer, start: number): number {
    let from = start
    if (this.#escaped) {
      this.#escaped = false
      from++
    }
    for (;;) {
      const end = chunk.indexOf(quote, from)
      const stop = end === -1 ? chunk.length : end
      let slashes = 0
      while (stop - slashes - 1 >= from && chunk[stop - slashes - 1] === backslash) slashes++
      if (end === -1) {
        this.#escaped = slashes % 2 === 1
        return -1
      }
      if (slashes % 2 === 0) return end
      from = end + 1
    }
  }

  #keepKey(chunk: Buffer, start: number, end: number): void {
    const parts = this.#keyParts ?? []
    for (let at = start; at < end && parts.length < 256; at++) parts.push(chunk[at] ?? 0)
  }

  /** Numbers and words end with white space; lists, objects and strings with themselves. */
  #isScalarEnd(from: number, at: number): boolean {
    return this.#shape.in === 'sequence' && (from < at || this.#carriedBytes > 0)
  }

  #carry(part: Buffer): void {
    this.#carriedBytes += part.length
    if (this.#carriedBytes > largestRecordBytes) this.#carried = []
    else this.#carried.push(Buffer.from(part))
  }

  #finish(chunk: Buffer, from: number, to: number): void {
    const part = chunk.subarray(from, to)
    const length = this.#carriedBytes + part.length
    const number = this.#elementLine
    if (length > largestRecordBytes) this.#rows.push(tooLong(number, length, 'record'))
    else {
      const bytes = this.#carried.length === 0 ? part : Buffer.concat([...this.#carried, part])
      if (isUtf8(bytes)) this.#rows.push({ number, text: bytes.toString('utf8') })
      else {
        this.#rows.push({
          number,
          fault: 'json/encoding',
          message: 'the record is not UTF-8 text',
          hint: 'convert the file: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW',
        })
      }
    }
    this.#carried = []
    this.#carriedBytes = 0
    this.#started = false
    this.#commaSeen = false
  }

  #garble(what: string): void {
    this.#fault(this.#line, `the file has ${what}`)
  }

  /** What follows cannot be told apart any more. */
  #fault(number: number, message: string): void {
    if (this.#ended) return
    this.#ended = true
    this.#rows.push({
      number,
      fault: 'json/syntax',
      message: `not JSON: ${message}`,
      hint: 'mend the file; nothing after this place was read',
    })
  }

  #take(): SourceRow[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }
}
