import { createHash } from 'node:crypto'
import { ScratchFile } from '../../lib/scratch-file.ts'

const bytesOfHash = 32

/** SHA-256 hashes of many records, 32 bytes each. */
export class RecordHashes {
  readonly #bytes: Buffer
  readonly #count: number

  /** @param bytes the hashes one after another */
  constructor(bytes: Buffer) {
    this.#count = bytes.length / bytesOfHash
    this.#bytes = bytes
  }

  /** The records in the order of their hashes; equal ones in their own order. */
  order(): Uint32Array {
    // As many leading bits of each hash as a double has beside the index: then doubles are sorted, which is fast.
    const indexBits = Math.max(1, Math.ceil(Math.log2(this.#count + 1)))
    const scale = 2 ** indexBits
    const keyBits = Math.min(48, 53 - indexBits)
    const keys = new Float64Array(this.#count)
    for (let index = 0; index < this.#count; index++) {
      const lead = Math.floor(this.#bytes.readUIntBE(index * bytesOfHash, 6) / 2 ** (48 - keyBits))
      keys[index] = lead * scale + index
    }
    keys.sort()
    const order = new Uint32Array(this.#count)
    for (let at = 0; at < this.#count; at++) order[at] = keys[at]! % scale
    let start = 0
    for (let at = 1; at <= this.#count; at++) {
      if (at < this.#count && Math.floor(keys[at]! / scale) === Math.floor(keys[start]! / scale)) continue
      if (at - start > 1)
        order.set(
          [...order.subarray(start, at)].toSorted((a, b) => this.#compare(a, b)),
          start,
        )
      start = at
    }
    return order
  }

  #compare(a: number, b: number): number {
    const [first, second] = [a * bytesOfHash, b * bytesOfHash]
    return this.#bytes.compare(this.#bytes, second, second + bytesOfHash, first, first + bytesOfHash) || a - b
  }

  /** `datasetHash` of the records for which `isMember` is true. */
  datasetHash(order: Uint32Array, isMember: (index: number) => boolean): string {
    const hash = createHash('sha256')
    for (const index of order) {
      if (!isMember(index)) continue
      hash.update(`${this.#bytes.toString('hex', index * bytesOfHash, (index + 1) * bytesOfHash)}\n`)
    }
    return hash.digest('hex')
  }
}

/** Hashes that are gathered before they are written. */
const buffered = 2 ** 14

/** Gathers the hashes of records; many wait in a temporary file while memory is needed for other things. */
export class HashGatherer implements Disposable {
  readonly #pending = Buffer.from(new ArrayBuffer(buffered * bytesOfHash))
  #count = 0
  #file: ScratchFile | undefined

  /** @param hash in hexadecimal */
  push(hash: string): void {
    const place = this.#count % buffered
    this.#pending.write(hash, place * bytesOfHash, 'hex')
    this.#count++
    if (place < buffered - 1) return
    this.#file ??= new ScratchFile()
    this.#file.write(wordsOf(this.#pending), (this.#count - buffered) * bytesOfHash)
  }

  hashes(): RecordHashes {
    const bytes = Buffer.from(new ArrayBuffer(this.#count * bytesOfHash))
    const pending = (this.#count % buffered) * bytesOfHash
    const written = bytes.length - pending
    this.#file?.read(wordsOf(bytes.subarray(0, written)), 0)
    this.#pending.copy(bytes, written, 0, pending)
    return new RecordHashes(bytes)
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]()
  }
}

const wordsOf = (bytes: Buffer): Uint32Array =>
  new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
