import { narrowBfloat16, widenBfloat16 } from '../../../lib/half-precision.ts'
import type { Quantization } from './quantization.ts'

export const bf16: Quantization = {
  id: 30,
  name: 'BF16',
  blockSize: 1,
  blockBytes: 2,
  dequantize: (bytes, out) => widenBfloat16(new Uint16Array(bytes.buffer, bytes.byteOffset, out.length), out),
  quantize: (numbers) => new Uint8Array(narrowBfloat16(numbers).buffer),
}
