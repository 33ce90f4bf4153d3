import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GrowingUint32 } from '../../lib/growing-array.ts'

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
  #file: { readonly folder: string; readonly handle: number; size: number } | undefined

  /** @param megabytes of memory that may be used, in steps of 4 */
  constructor(megabytes = 48) {
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
    const bytes = new Uint8Array(set.buffer)
    for (let done = 0; done < bytes.length;) {
      done += readSync(this.#file!.handle, bytes, done, bytes.length - done, block + offset * 4 + done)
    }
    return set
  }

  #spill(index: number): void {
    const block = this.#blocks[index] as Uint32Array
    if (this.#file === undefined) {
      const folder = mkdtempSync(join(tmpdir(), 'hone-'))
      this.#file = { folder, handle: openSync(join(folder, 'shingles'), 'wx+', 0o600), size: 0 }
    }
    const file = this.#file
    const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength)
    for (let done = 0; done < bytes.length;) {
      done += writeSync(file.handle, bytes, done, bytes.length - done, file.size + done)
    }
    this.#blocks[index] = file.size
    this.#inMemory--
    file.size += bytes.length
  }

  [Symbol.dispose](): void {
    if (this.#file === undefined) return
    closeSync(this.#file.handle)
    rmSync(this.#file.folder, { recursive: true, force: true })
    this.#file = undefined
  }
}
