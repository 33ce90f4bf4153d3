import { halfToFloat } from '../../../lib/half-precision.ts'
import { iq4Values } from './iq4-values.ts'
import type { Quantization } from './quantization.ts'

const blockSize = 256
const blockBytes = 136

/**
 * Eight groups of 32 numbers in the steps of IQ4_NL: a binary16 factor, two bytes of upper 2-bit and four of lower 4-bit
 * parts of the scales (less 32), then 16 bytes a group (`block_iq4_xs` of ggml).
 */
export const iq4_xs: Quantization = {
  id: 23,
  name: 'IQ4_XS',
  blockSize,
  blockBytes,
  dequantize(bytes, out) {
    for (let from = 0, to = 0; to < out.length; from += blockBytes, to += blockSize) {
      const factor = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
      const upper = bytes[from + 2]! | (bytes[from + 3]! << 8)
      for (let group = 0; group < 8; group++) {
        const lower = (bytes[from + 4 + (group >> 1)]! >> ((group & 1) * 4)) & 15
        const scale = factor * ((lower | (((upper >> (group * 2)) & 3) << 4)) - 32)
        const target = to + group * 32
        for (let index = 0; index < 16; index++) {
          const pair = bytes[from + 8 + group * 16 + index]!
          out[target + index] = scale * iq4Values[pair & 15]!
          out[target + 16 + index] = scale * iq4Values[pair >> 4]!
        }
      }
    }
  },
}
