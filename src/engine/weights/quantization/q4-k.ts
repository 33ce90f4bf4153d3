import { halfToFloat } from '../../../lib/half-precision.ts'
import { groupMinimum, groupScale } from './k-scales.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 256
const blockBytes = 144

/**
 * Eight groups of 32 numbers: the binary16 factors of scales and minimums, 12 bytes of both, then 128 bytes of two 4-bit
 * numbers: `scale * number - minimum` (`block_q4_K` of ggml). Two groups share 32 bytes, the even one has the low halves.
 * Products are exact in binary32 and sums in binary64, so that storing rounds once.
 */
export const q4_k: Quantization = {
  id: 12,
  name: 'Q4_K',
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
        const numbers = from + 16 + (group >> 1) * 32
        const target = to + group * 32
        for (let index = 0; index < 32; index++) {
          out[target + index] = scale * ((bytes[numbers + index]! >> shift) & 15) - minimum
        }
      }
    }
  },
  levels: {
    bits: 4,
    read(bytes, { levels, scales, minimums }, first) {
      for (let from = 0, to = first; from < bytes.length; from += blockBytes, to += blockSize) {
        const factor = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
        const minimumFactor = halfToFloat[bytes[from + 2]! | (bytes[from + 3]! << 8)]!
        for (let group = 0; group < 8; group++) {
          const target = to + group * 32
          scales[target / 32] = factor * groupScale(bytes, from + 4, group)
          minimums[target / 32] = -minimumFactor * groupMinimum(bytes, from + 4, group)
          const shift = (group & 1) * 4
          const numbers = from + 16 + (group >> 1) * 32
          for (let index = 0; index < 32; index++) {
            levels[target + index] = (bytes[numbers + index]! >> shift) & 15
          }
        }
      }
    },
  },
}
