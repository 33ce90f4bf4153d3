import { ScratchFile } from '../../lib/scratch-file.ts'
import type { Shingles } from './shingler.ts'

/** Numbers in one block: 1 MiB. */
const blockSize = 2 ** 18

/** The shingles of many texts, written one after another and read in that order; all but the last go to a temporary file. */
export class ShingleTape implements Disposable {
  readonly #most: number
  /** Of each text: how many shingles it has, then the shingles. */
  #block = new Int32Array(0)
  #used = 0
  #file: ScratchFile | undefined
  /** Numbers in each block of the file. */
  readonly #written: number[] = []
  #length = 0

  /** @param megabytes that it holds at most */
  constructor(megabytes: number) {
    this.#most = (megabytes * 1e6) / Int32Array.BYTES_PER_ELEMENT
  }

  /** False when more was added than it holds: then it holds nothing any more. */
  get isWhole(): boolean {
    return this.#length <= this.#most
  }

  /** @throws HoneError `E_DISK` */
  add({ shingles, count }: Shingles): void {
    if (!this.isWhole) return
    this.#length += count + 1
    if (!this.isWhole) {
      this[Symbol.dispose]()
      return
    }
    if (this.#used + count + 1 > this.#block.length) this.#startBlock(count + 1)
    this.#block[this.#used] = count
    this.#block.set(shingles.subarray(0, count), this.#used + 1)
    this.#used += count + 1
  }

  #startBlock(least: number): void {
    if (this.#used > 0) {
      this.#file ??= new ScratchFile()
      this.#file.write(unsigned(this.#block, this.#used), 4 * (this.#length - least - this.#used))
      this.#written.push(this.#used)
    }
    if (this.#block.length < least) this.#block = new Int32Array(Math.max(blockSize, least))
    this.#used = 0
  }

  /** The shingles of each text, which may be written over; valid until the next. @throws HoneError `E_DISK` */
  *texts(): Generator<Shingles> {
    const block = new Int32Array(Math.max(0, ...this.#written))
    let offset = 0
    for (const length of this.#written) {
      this.#file?.read(unsigned(block, length), offset)
      offset += 4 * length
      yield* textsOf(block, length)
    }
    yield* textsOf(this.#block, this.#used)
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]()
    this.#file = undefined
    this.#block = new Int32Array(0)
    this.#used = 0
    this.#written.length = 0
  }
}

function* textsOf(block: Int32Array, length: number): Generator<Shingles> {
  for (let at = 0; at < length;) {
    const count = block[at]!
    at += 1
    yield { shingles: block.subarray(at, at + count), count }
    at += count
  }
}

const unsigned = (numbers: Int32Array, length: number): Uint32Array =>
  new Uint32Array(numbers.buffer, numbers.byteOffset, length)
