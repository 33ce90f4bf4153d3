import { HoneError } from '../../../core/errors.ts'
import { bf16 } from './bf16.ts'
import { f16 } from './f16.ts'
import { f32 } from './f32.ts'
import { q4_0 } from './q4-0.ts'
import { q4_1 } from './q4-1.ts'
import { q8_0 } from './q8-0.ts'
import type { Quantization } from './quantization.ts'

/** Every storage type that can be read. A new one is a file beside this and a name in this list. */
export const quantizations: readonly Quantization[] = [f32, f16, bf16, q8_0, q4_0, q4_1]

/** Names of `ggml_type` (ggml.h), by id, so that a file with one that cannot be read is refused by name. */
const ggmlTypeNames: Readonly<Record<number, string>> = {
  6: 'Q5_0',
  7: 'Q5_1',
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
}

/**
 * The storage type with this `ggml_type`.
 *
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a type of ggml that cannot be read, `E_MODEL_FILE` for no type at all
 */
export function findQuantization(id: number, file: string, tensor: string): Quantization {
  const found = quantizations.find((quantization) => quantization.id === id)
  if (found !== undefined) return found
  const name = ggmlTypeNames[id]
  if (name === undefined) {
    throw new HoneError('E_MODEL_FILE', `tensor "${tensor}" has the unknown type ${id}`, { at: { file } })
  }
  throw new HoneError(
    'E_MODEL_UNSUPPORTED',
    `tensor "${tensor}" is stored as ${name}, which is not supported`,
    {
      at: { file },
      hint: `take a file of this model in one of ${quantizations.map((each) => each.name).join(', ')}`,
    },
  )
}
