import type { Quantization } from './quantization.ts'

export const f32: Quantization = {
  id: 0,
  name: 'F32',
  blockSize: 1,
  blockBytes: 4,
  dequantize: (bytes, out) => out.set(new Float32Array(bytes.buffer, bytes.byteOffset, out.length)),
  quantize: (numbers) => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
}
