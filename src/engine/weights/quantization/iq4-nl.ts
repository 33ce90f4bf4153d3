import { halfToFloat } from '../../../lib/half-precision.ts'
import { iq4Values } from './iq4-values.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 32
const blockBytes = 18

/** As Q4_0, but each 4-bit number stands for one of sixteen uneven steps (`block_iq4_nl` of ggml). */
export const iq4_nl: Quantization = {
  id: 20,
  name: 'IQ4_NL',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const scale = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
      for (let index = 0; index < 16; index++) {
        const pair = bytes[from + 2 + index]!
        out[to + index] = scale * iq4Values[pair & 15]!
        out[to + 16 + index] = scale * iq4Values[pair >> 4]!
      }
    }
  },
}
