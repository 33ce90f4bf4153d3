import { halfToFloat } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 32
const blockBytes = 22

/**
 * A binary16 scale, then the fifth bits of 32 numbers, then 16 bytes of two lower halves, laid out as in Q4_0:
 * `scale * (number - 16)` (`block_q5_0` of ggml).
 */
export const q5_0: Quantization = {
  id: 6,
  name: 'Q5_0',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const scale = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
      for (let index = 0; index < 16; index++) {
        const pair = bytes[from + 6 + index]!
        const place = from + 2 + (index >> 3)
        const low = ((bytes[place]! >> (index & 7)) & 1) << 4
        const high = ((bytes[place + 2]! >> (index & 7)) & 1) << 4
        out[to + index] = scale * (((pair & 15) | low) - 16)
        out[to + 16 + index] = scale * (((pair >> 4) | high) - 16)
      }
    }
  },
}
