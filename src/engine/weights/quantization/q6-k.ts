import { halfToFloat } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 256
const blockBytes = 210

/**
 * 128 bytes of two lower 4-bit halves, 64 bytes of four upper 2-bit parts, 16 signed scales of 16 numbers each, and
 * their binary16 factor: `factor * scale * (number - 32)` (`block_q6_K` of ggml). Each half of the block has 64 bytes of
 * halves and 32 of upper parts for four runs of 32 numbers.
 */
export const q6_k: Quantization = {
  id: 14,
  name: 'Q6_K',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const factor = halfToFloat[bytes[from + 208]! | (bytes[from + 209]! << 8)]!
      for (let run = 0; run < 8; run++) {
        const half = run >> 2
        const low = from + half * 64 + (run & 1) * 32
        const lowShift = (run & 2) * 2
        const high = from + 128 + half * 32
        const highShift = (run & 3) * 2
        const target = to + run * 32
        for (let index = 0; index < 32; index++) {
          const scale = factor * ((bytes[from + 192 + run * 2 + (index >> 4)]! << 24) >> 24)
          const number =
            ((bytes[low + index]! >> lowShift) & 15) | (((bytes[high + index]! >> highShift) & 3) << 4)
          out[target + index] = scale * (number - 32)
        }
      }
    }
  },
}
