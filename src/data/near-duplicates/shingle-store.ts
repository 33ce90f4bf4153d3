import { GrowingUint32 } from '../../lib/growing-array.ts'
import { ScratchFile } from '../../lib/scratch-file.ts'

/** Numbers in one block: 4 MiB. */
const blockSize = 2 ** 20

/** Sets of shingles, by number. So many stay in memory; the others go to a file of the system's temporary folder. */
export class ShingleStore implements Disposable {
  readonly #blocksInMemory: number
  readonly #places = new GrowingUint32()
  readonly #lengths = new GrowingUint32()
  /** A block that went to the file is the offset of its first byte. */
  readonly #blocks: (Uint32Array | number)[] = []
  #used = blockSize
  #inMemory = 0
  #file: ScratchFile | undefined
  #fileSize = 0

  /** @param megabytes of memory that may be used, in steps of 4 */
  constructor(megabytes = 16) {
    this.#blocksInMemory = Math.max(1, Math.floor(megabytes / 4))
  }

  add(set: Uint32Array): void {
    if (this.#used + set.length > blockSize) {
      const last = this.#blocks.length - 1
      if (this.#inMemory >= this.#blocksInMemory && last >= 0) this.#spill(last)
      this.#blocks.push(new Uint32Array(Math.max(blockSize, set.length)))
      this.#inMemory++
      this.#used = 0
    }
    const block = this.#blocks.length - 1
    ;(this.#blocks[block] as Uint32Array).set(set, this.#used)
    this.#places.push(block * blockSize + this.#used)
    this.#lengths.push(set.length)
    this.#used = Math.min(blockSize, this.#used + set.length)
  }

  /** A set; that of a block in memory is a view. */
  at(index: number): Uint32Array {
    const place = this.#places.at(index)
    const length = this.#lengths.at(index)
    const offset = place % blockSize
    const block = this.#blocks[(place - offset) / blockSize]
    if (typeof block !== 'number') return block!.subarray(offset, offset + length)
    const set = new Uint32Array(length)
    this.#file?.read(set, block + offset * 4)
    return set
  }

  #spill(index: number): void {
    const block = this.#blocks[index] as Uint32Array
    this.#file ??= new ScratchFile()
    this.#file.write(block, this.#fileSize)
    this.#blocks[index] = this.#fileSize
    this.#fileSize += block.byteLength
    this.#inMemory--
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]()
    this.#file = undefined
  }
}
