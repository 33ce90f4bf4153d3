import { narrowHalf, widenHalf } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

export const f16: Quantization = {
  id: 1,
  name: 'F16',
  blockSize: 1,
  blockBytes: 2,
  dequantize: (bytes, out) => widenHalf(new Uint16Array(bytes.buffer, bytes.byteOffset, out.length), out),
  quantize: (numbers) => new Uint8Array(narrowHalf(numbers).buffer),
}
