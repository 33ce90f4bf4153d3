import { createHash } from 'node:crypto'

const bytesOfHash = 32

/** SHA-256 hashes of many records, 32 bytes each. */
export class RecordHashes {
  readonly #bytes: Buffer
  readonly #count: number

  constructor(count: number) {
    this.#count = count
    this.#bytes = Buffer.alloc(count * bytesOfHash)
  }

  /** @param hash in hexadecimal */
  set(index: number, hash: string): void {
    this.#bytes.write(hash, index * bytesOfHash, 'hex')
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
