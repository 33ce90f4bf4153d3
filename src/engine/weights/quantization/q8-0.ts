import { halfToFloat } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 32
const blockBytes = 34

/** A binary16 scale, then 32 signed bytes: `scale * byte` (`block_q8_0` of ggml). */
export const q8_0: Quantization = {
  id: 8,
  name: 'Q8_0',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const scale = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
      for (let index = 0; index < blockSize; index++) {
        out[to + index] = scale * signed[from + 2 + index]!
      }
    }
  },
}
