import { halfToFloat } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 32
const blockBytes = 24

/**
 * A binary16 scale and a binary16 minimum, then the fifth bits of 32 numbers, then 16 bytes of two lower halves, laid
 * out as in Q4_1: `scale * number + minimum` (`block_q5_1` of ggml). The product is exact in binary32.
 */
export const q5_1: Quantization = {
  id: 7,
  name: 'Q5_1',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const scale = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
      const minimum = halfToFloat[bytes[from + 2]! | (bytes[from + 3]! << 8)]!
      for (let index = 0; index < 16; index++) {
        const pair = bytes[from + 8 + index]!
        const place = from + 4 + (index >> 3)
        const low = ((bytes[place]! >> (index & 7)) & 1) << 4
        const high = ((bytes[place + 2]! >> (index & 7)) & 1) << 4
        out[to + index] = scale * ((pair & 15) | low) + minimum
        out[to + 16 + index] = scale * ((pair >> 4) | high) + minimum
      }
    }
  },
}
