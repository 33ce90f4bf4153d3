import { halfToFloat } from '../../../lib/half-precision.ts'
import { groupMinimum, groupScale } from './k-scales.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 256
const blockBytes = 176

/**
 * As Q4_K, with 32 bytes of fifth bits before the halves: bit `group` of byte `index` belongs to number `index` of the
 * group (`block_q5_K` of ggml).
 */
export const q5_k: Quantization = {
  id: 13,
  name: 'Q5_K',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const factor = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
      const minimumFactor = halfToFloat[bytes[from + 2]! | (bytes[from + 3]! << 8)]!
      for (let group = 0; group < 8; group++) {
        const scale = factor * groupScale(bytes, from + 4, group)
        const minimum = minimumFactor * groupMinimum(bytes, from + 4, group)
        const shift = (group & 1) * 4
        const numbers = from + 48 + (group >> 1) * 32
        const target = to + group * 32
        for (let index = 0; index < 32; index++) {
          const high = ((bytes[from + 16 + index]! >> group) & 1) << 4
          out[target + index] = scale * (((bytes[numbers + index]! >> shift) & 15) | high) - minimum
        }
      }
    }
  },
}
