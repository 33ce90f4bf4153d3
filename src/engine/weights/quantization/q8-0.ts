import { halfToFloat, narrowHalf } from '../../../lib/half-precision.ts'
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
  levels: {
    bits: 8,
    read(bytes, { levels, scales, minimums }, first) {
      for (let from = 0, to = first; from < bytes.length; from += blockBytes, to += blockSize) {
        const scale = halfToFloat[bytes[from]! | (bytes[from + 1]! << 8)]!
        scales[to / blockSize] = scale
        minimums[to / blockSize] = -128 * scale
        for (let index = 0; index < blockSize; index++) levels[to + index] = bytes[from + 2 + index]! ^ 128
      }
    },
  },
  // As `quantize_row_q8_0_ref` of ggml, in its fp32 arithmetic; halves are rounded away from zero.
  quantize(numbers) {
    const bytes = new Uint8Array((numbers.length / blockSize) * blockBytes)
    const scales = new Float32Array(numbers.length / blockSize)
    for (let block = 0; block < scales.length; block++) {
      const own = numbers.subarray(block * blockSize, (block + 1) * blockSize)
      let largest = 0
      for (const value of own) largest = Math.max(largest, Math.abs(value))
      const scale = Math.fround(largest / 127)
      const inverse = scale === 0 ? 0 : Math.fround(1 / scale)
      scales[block] = scale
      for (const [index, value] of own.entries()) {
        const scaled = Math.fround(value * inverse)
        bytes[block * blockBytes + 2 + index] = Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5)
      }
    }
    for (const [block, bits] of narrowHalf(scales).entries()) {
      bytes[block * blockBytes] = bits & 0xff
      bytes[block * blockBytes + 1] = bits >> 8
    }
    return bytes
  },
}
