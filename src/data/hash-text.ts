import { crc32 } from 'node:zlib'

/** Characters of a text that are mixed beside its check sum. */
const sampled = 24

/**
 * Hashes texts one after another into two lanes of 32 bits. One lane is CRC-32, which the runtime computes at the speed of
 * memory and which tells apart any two texts that differ in one place; the other mixes the length and characters spread
 * over the text (MurmurHash3's finalizer, https://github.com/aappleby/smhasher).
 */
export class TextHash {
  high = 0
  low = 0

  reset(): void {
    this.high = 0
    this.low = 0x3c6ef372
  }

  add(text: string): void {
    const { length } = text
    const sum = crc32(text)
    let low = Math.imul(this.low ^ length, 0x9e3779b1)
    const step = length <= sampled ? 1 : Math.floor(length / sampled)
    for (let at = 0; at < length; at += step) low = Math.imul(low ^ text.charCodeAt(at), 0x01000193)
    this.high = finish(Math.imul(this.high, 31) ^ sum)
    this.low = finish(low ^ this.high)
  }
}

function finish(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) | 0
}
