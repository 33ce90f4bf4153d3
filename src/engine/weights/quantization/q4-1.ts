import { halfToFloat } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 32
const blockBytes = 20

/**
 * A binary16 scale and a binary16 minimum, then 16 bytes of two 4-bit numbers: `scale * number + minimum`; the low
 * nibbles are the first 16 numbers of the block, the high ones the last 16 (`block_q4_1` of ggml).
 *
 * The product is exact in binary32, so the one rounding on storing equals that of binary32 arithmetic.
 */
export const q4_1: Quantization = {
  id: 3,
  name: 'Q4_1',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const scale = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
      const minimum = halfToFloat[bytes[from + 2]! | (bytes[from + 3]! << 8)]!
      for (let index = 0; index < 16; index++) {
        const pair = bytes[from + 4 + index]!
        out[to + index] = scale * (pair & 15) + minimum
        out[to + 16 + index] = scale * (pair >> 4) + minimum
      }
    }
  },
  levels: {
    bits: 4,
    read(bytes, { levels, scales, minimums }, first) {
      for (let from = 0, to = first; from < bytes.length; from += blockBytes, to += blockSize) {
        scales[to / blockSize] = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
        minimums[to / blockSize] = halfToFloat[bytes[from + 2]! | (bytes[from + 3]! << 8)]!
        for (let index = 0; index < 16; index++) {
          const pair = bytes[from + 4 + index]!
          levels[to + index] = pair & 15
          levels[to + 16 + index] = pair >> 4
        }
      }
    },
  },
}
