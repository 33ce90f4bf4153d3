import { createHash } from 'node:crypto'

/** SHA-256 of the numbers' little-endian bytes, in hexadecimal digits. */
export function sha256OfNumbers(numbers: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
    .digest('hex')
}
