import { createHash, type Hash } from 'node:crypto'
import { ScratchFile } from '../../lib/scratch-file.ts'

const hashBytes = 32
/** A hash and the number of its record. */
const entryBytes = hashBytes + 4
/** Hashes are kept apart by their first byte, so that one bucket at a time is sorted. */
const bucketCount = 256
/** Entries of a bucket that are gathered before they are written. */
const entriesInBlock = 128
const blockBytes = entriesInBlock * entryBytes

/** `datasetHash` of all records, and of those of each place. */
export interface DatasetHashes {
  readonly all: string
  readonly places: readonly string[]
}

/**
 * SHA-256 hashes of many records in their order. Many of them wait in a temporary file, so that memory is needed for one
 * in 256 only.
 */
export class SortedHashes implements Disposable {
  readonly #pending = Buffer.from(new ArrayBuffer(bucketCount * blockBytes))
  readonly #counts = new Uint32Array(bucketCount)
  /** Numbers of the blocks of each bucket in the file. */
  readonly #blocks = Array.from({ length: bucketCount }, (): number[] => [])
  #written = 0
  #length = 0
  #file: ScratchFile | undefined

  /** @param hash of the next record, in hexadecimal @throws HoneError `E_DISK` */
  push(hash: string): void {
    const bucket = Number.parseInt(hash.slice(0, 2), 16)
    const place = this.#counts[bucket]!++ % entriesInBlock
    const offset = bucket * blockBytes + place * entryBytes
    this.#pending.write(hash, offset, 'hex')
    this.#pending.writeUInt32LE(this.#length++, offset + hashBytes)
    if (place < entriesInBlock - 1) return
    this.#file ??= new ScratchFile()
    const block = this.#pending.subarray(bucket * blockBytes, (bucket + 1) * blockBytes)
    this.#file.write(wordsOf(block), this.#written * blockBytes)
    this.#blocks[bucket]!.push(this.#written++)
  }

  /** The records in the order of their hashes; equal ones in their own order. */
  order(): Uint32Array {
    const order = new Uint32Array(this.#length)
    let at = 0
    this.#visit((entries, offset) => (order[at++] = indexAt(entries, offset)))
    return order
  }

  /** @param places of each record a number below `placeCount` */
  datasetHashes(places: ArrayLike<number>, placeCount: number): DatasetHashes {
    const all = createHash('sha256')
    const parts = Array.from({ length: placeCount }, (): Hash => createHash('sha256'))
    this.#visit((entries, offset) => {
      const line = `${entries.toString('hex', offset, offset + hashBytes)}\n`
      all.update(line)
      parts[places[indexAt(entries, offset)]!]!.update(line)
    })
    return { all: all.digest('hex'), places: parts.map((part) => part.digest('hex')) }
  }

  #visit(take: (entries: Buffer, offset: number) => void): void {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const entries = this.#read(bucket)
      for (const place of sortedPlaces(entries)) take(entries, place * entryBytes)
    }
  }

  #read(bucket: number): Buffer {
    const entries = Buffer.from(new ArrayBuffer(this.#counts[bucket]! * entryBytes))
    let end = 0
    for (const block of this.#blocks[bucket]!) {
      this.#file!.read(wordsOf(entries.subarray(end, end + blockBytes)), block * blockBytes)
      end += blockBytes
    }
    this.#pending.copy(entries, end, bucket * blockBytes, bucket * blockBytes + entries.length - end)
    return entries
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]()
  }
}

const indexAt = (entries: Buffer, offset: number): number => entries.readUInt32LE(offset + hashBytes)

/** Places of the entries of one bucket, whose first bytes are equal, in the order of their hashes. */
function sortedPlaces(entries: Buffer): Uint32Array {
  const count = entries.length / entryBytes
  // As many leading bits of each hash as a double has beside the place: then doubles are sorted, which is fast.
  const placeBits = Math.max(1, Math.ceil(Math.log2(count + 1)))
  const scale = 2 ** placeBits
  const keyBits = Math.min(48, 53 - placeBits)
  const keys = new Float64Array(count)
  for (let place = 0; place < count; place++) {
    const lead = Math.floor(entries.readUIntBE(place * entryBytes + 1, 6) / 2 ** (48 - keyBits))
    keys[place] = lead * scale + place
  }
  keys.sort()
  const places = Uint32Array.from(keys, (key) => key % scale)
  const compare = (a: number, b: number): number =>
    entries.compare(
      entries,
      b * entryBytes,
      b * entryBytes + hashBytes,
      a * entryBytes,
      a * entryBytes + hashBytes,
    ) || a - b
  let start = 0
  for (let at = 1; at <= count; at++) {
    if (at < count && Math.floor(keys[at]! / scale) === Math.floor(keys[start]! / scale)) continue
    // As an array, because its sorting sees at once that equal records are in order already.
    if (at - start > 1) places.set([...places.subarray(start, at)].toSorted(compare), start)
    start = at
  }
  return places
}

const wordsOf = (bytes: Buffer): Uint32Array =>
  new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
