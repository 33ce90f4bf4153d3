import { halfToFloat } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 256
const blockBytes = 110

/**
 * 16 groups of 16 numbers: the third bits of all numbers (32 bytes, cleared where 4 is to be subtracted), 64 bytes of
 * four 2-bit numbers 32 places apart, 12 bytes of 6-bit scales less 32, and their binary16 factor (`block_q3_K` of ggml).
 */
export const q3_k: Quantization = {
  id: 11,
  name: 'Q3_K',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const factor = halfToFloat[bytes[from + 108]! | (bytes[from + 109]! << 8)]!
      for (let group = 0; group < 16; group++) {
        const scale = factor * (scaleOf(bytes, from + 96, group) - 32)
        const shift = group & 6
        const highShift = group >> 1
        const half = (group & 1) * 16
        const numbers = from + 32 + (group >> 3) * 32 + half
        const target = to + group * 16
        for (let index = 0; index < 16; index++) {
          const missing = (~(bytes[from + half + index]! >> highShift) & 1) << 2
          out[target + index] = scale * (((bytes[numbers + index]! >> shift) & 3) - missing)
        }
      }
    }
  },
}

/** The low four bits of 16 scales are the halves of eight bytes, the high two bits the quarters of four more. */
function scaleOf(bytes: Uint8Array, from: number, group: number): number {
  const low = (bytes[from + (group & 7)]! >> ((group >> 3) << 2)) & 15
  const high = (bytes[from + 8 + (group & 3)]! >> ((group >> 2) * 2)) & 3
  return low | (high << 4)
}
