import { HoneError } from '../../core/errors.ts'
import { bf16 } from '../weights/quantization/bf16.ts'
import { f16 } from '../weights/quantization/f16.ts'
import { f32 } from '../weights/quantization/f32.ts'
import { q8_0 } from '../weights/quantization/q8-0.ts'
import type { Quantization } from '../weights/quantization/quantization.ts'

/** How exported numbers are stored. */
export type StorageType = 'F32' | 'BF16' | 'F16' | 'Q8_0'

const types: Readonly<Record<StorageType, Quantization>> = { F32: f32, BF16: bf16, F16: f16, Q8_0: q8_0 }

/** Largest number of each type; for Q8_0 the largest scale of a block, times 127. */
const largest: Readonly<Record<string, number>> = {
  F32: 3.4028234663852886e38,
  BF16: 3.3895313892515355e38,
  F16: 65_504,
  Q8_0: 65_504 * 127,
}

export const storageType = (name: StorageType): Quantization => types[name]

/**
 * Numbers as the bytes of a type.
 *
 * @param tensor named in the error
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a number that the type cannot hold
 */
export function encodeNumbers(numbers: Float32Array, type: Quantization, tensor: string): Uint8Array {
  if (type.quantize === undefined) throw new HoneError('E_INTERNAL', `${type.name} is not written`)
  const limit = largest[type.name] ?? 0
  for (const value of numbers) {
    // Also true for what is not a number.
    if (Math.abs(value) <= limit) continue
    throw new HoneError(
      'E_MODEL_UNSUPPORTED',
      `tensor "${tensor}" holds ${value}, too large for ${type.name}`,
      {
        hint: 'store it as F32: --type F32',
      },
    )
  }
  return type.quantize(numbers)
}

/** The smallest of F16, BF16 and F32 that holds every number exactly. */
export function exactType(numbers: Float32Array): Quantization {
  for (const type of [f16, bf16]) {
    const bytes = type.quantize?.(numbers)
    const back = new Float32Array(numbers.length)
    if (bytes !== undefined) type.dequantize(bytes, back)
    if (numbers.every((value, index) => value === back[index])) return type
  }
  return f32
}
