import { halfToFloat } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 256
const blockBytes = 84

/**
 * 16 groups of 16 numbers: a byte for each with a 4-bit scale (low) and a 4-bit minimum (high), then 64 bytes of four
 * 2-bit numbers, then the binary16 factors of scales and minimums (`block_q2_K` of ggml). The four numbers of a byte are
 * 32 places apart. Products are exact in binary32 and sums in binary64, so that storing rounds once.
 */
export const q2_k: Quantization = {
  id: 10,
  name: 'Q2_K',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const factor = halfToFloat[bytes[from + 80]! | (bytes[from + 81]! << 8)]!
      const minimumFactor = halfToFloat[bytes[from + 82]! | (bytes[from + 83]! << 8)]!
      for (let group = 0; group < 16; group++) {
        const packed = bytes[from + group]!
        const scale = factor * (packed & 15)
        const minimum = minimumFactor * (packed >> 4)
        const shift = group & 6
        const numbers = from + 16 + (group >> 3) * 32 + (group & 1) * 16
        const target = to + group * 16
        for (let index = 0; index < 16; index++) {
          out[target + index] = scale * ((bytes[numbers + index]! >> shift) & 3) - minimum
        }
      }
    }
  },
}
