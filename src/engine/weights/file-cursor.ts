import { readSync } from 'node:fs'

const windowBytes = 1 << 20

/** What a read past the end of the file throws; the reader of the format knows the words for it. */
export class EndOfFile extends Error {
  override readonly name = 'EndOfFile'
}

/**
 * Reads little-endian fields of a file in order through a window of 1 MiB, so that a length that lies is found out
 * before memory is taken for it.
 */
export class FileCursor {
  position = 0
  readonly #descriptor: number
  readonly #size: number
  #window = Buffer.alloc(0)
  #windowStart = 0

  /** @param size of the file in bytes */
  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor
    this.#size = size
  }

  /** Bytes between the position and the end of the file. */
  get remaining(): number {
    return this.#size - this.position
  }

  u8(): number {
    const at = this.#take(1)
    return this.#window.readUInt8(at)
  }
  i8(): number {
    const at = this.#take(1)
    return this.#window.readInt8(at)
  }
  u16(): number {
    const at = this.#take(2)
    return this.#window.readUInt16LE(at)
  }
  i16(): number {
    const at = this.#take(2)
    return this.#window.readInt16LE(at)
  }
  u32(): number {
    const at = this.#take(4)
    return this.#window.readUInt32LE(at)
  }
  i32(): number {
    const at = this.#take(4)
    return this.#window.readInt32LE(at)
  }
  f32(): number {
    const at = this.#take(4)
    return this.#window.readFloatLE(at)
  }
  f64(): number {
    const at = this.#take(8)
    return this.#window.readDoubleLE(at)
  }
  u64(): bigint {
    const at = this.#take(8)
    return this.#window.readBigUInt64LE(at)
  }
  i64(): bigint {
    const at = this.#take(8)
    return this.#window.readBigInt64LE(at)
  }

  /** A view of the next bytes, valid until the next call. */
  bytes(length: number): Buffer {
    const at = this.#take(length)
    return this.#window.subarray(at, at + length)
  }

  /** Offset in the window of the next `length` bytes, and steps over them. */
  #take(length: number): number {
    if (length > this.remaining) throw new EndOfFile()
    const offset = this.position - this.#windowStart
    if (offset + length > this.#window.length) {
      this.#fill(length)
      this.position += length
      return 0
    }
    this.position += length
    return offset
  }

  #fill(length: number): void {
    const wanted = Math.min(Math.max(length, windowBytes), this.remaining)
    const window = Buffer.allocUnsafe(wanted)
    let filled = 0
    while (filled < wanted) {
      const read = readSync(this.#descriptor, window, filled, wanted - filled, this.position + filled)
      if (read === 0) throw new EndOfFile()
      filled += read
    }
    this.#window = window
    this.#windowStart = this.position
  }
}
