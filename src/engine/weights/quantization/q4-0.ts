import { halfToFloat } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 32
const blockBytes = 18

/**
 * A binary16 scale, then 16 bytes of two 4-bit numbers, the low half first: `scale * (number - 8)`; the low nibbles are
 * the first 16 numbers of the block, the high ones the last 16 (`block_q4_0` of ggml).
 */
export const q4_0: Quantization = {
  id: 2,
  name: 'Q4_0',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const scale = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
      for (let index = 0; index < 16; index++) {
        const pair = bytes[from + 2 + index]!
        out[to + index] = scale * ((pair & 15) - 8)
        out[to + 16 + index] = scale * ((pair >> 4) - 8)
      }
    }
  },
  levels: {
    bits: 4,
    read(bytes, { levels, scales, minimums }, first) {
      for (let from = 0, to = first; from < bytes.length; from += blockBytes, to += blockSize) {
        const scale = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
        scales[to / blockSize] = scale
        minimums[to / blockSize] = -8 * scale
        for (let index = 0; index < 16; index++) {
          const pair = bytes[from + 2 + index]!
          levels[to + index] = pair & 15
          levels[to + 16 + index] = pair >> 4
        }
      }
    },
  },
}
