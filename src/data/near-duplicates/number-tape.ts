import { ScratchFile } from '../../lib/scratch-file.ts'

/** Numbers in one block: 1 MiB. */
const blockSize = 2 ** 18

/** Lists of numbers, written one after another and read in that order; all but the last go to a temporary file. */
export class NumberTape implements Disposable {
  readonly #most: number
  /** Of each list: how many numbers it has, then the numbers. */
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

  /** Takes the first numbers of a list. @throws HoneError `E_DISK` */
  add(numbers: Int32Array, count: number): void {
    if (!this.isWhole) return
    this.#length += count + 1
    if (!this.isWhole) {
      this[Symbol.dispose]()
      return
    }
    if (this.#used + count + 1 > this.#block.length) this.#startBlock(count + 1)
    this.#block[this.#used] = count
    this.#block.set(numbers.subarray(0, count), this.#used + 1)
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

  /** The lists, which may be written over; each is valid until the next. @throws HoneError `E_DISK` */
  *lists(): Generator<Int32Array> {
    const block = new Int32Array(Math.max(0, ...this.#written))
    let offset = 0
    for (const length of this.#written) {
      this.#file?.read(unsigned(block, length), offset)
      offset += 4 * length
      yield* listsOf(block, length)
    }
    yield* listsOf(this.#block, this.#used)
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]()
    this.#file = undefined
    this.#block = new Int32Array(0)
    this.#used = 0
    this.#written.length = 0
  }
}

function* listsOf(block: Int32Array, length: number): Generator<Int32Array> {
  for (let at = 0; at < length;) {
    const count = block[at]!
    at += 1
    yield block.subarray(at, at + count)
    at += count
  }
}

const unsigned = (numbers: Int32Array, length: number): Uint32Array =>
  new Uint32Array(numbers.buffer, numbers.byteOffset, length)
