import { HoneError } from '../../../core/errors.ts'
import { bf16 } from './bf16.ts'
import { f16 } from './f16.ts'
import { f32 } from './f32.ts'
import { iq4_nl } from './iq4-nl.ts'
import { iq4_xs } from './iq4-xs.ts'
import { q2_k } from './q2-k.ts'
import { q3_k } from './q3-k.ts'
import { q4_0 } from './q4-0.ts'
import { q4_1 } from './q4-1.ts'
import { q4_k } from './q4-k.ts'
import { q5_0 } from './q5-0.ts'
import { q5_1 } from './q5-1.ts'
import { q5_k } from './q5-k.ts'
import { q6_k } from './q6-k.ts'
import { q8_0 } from './q8-0.ts'
import type { Quantization } from './quantization.ts'

/** Every storage type that can be read. A new one is a file beside this and a name in this list. */
export const quantizations: readonly Quantization[] = [
  f32,
  f16,
  bf16,
  q8_0,
  q6_k,
  q5_k,
  q5_1,
  q5_0,
  q4_k,
  q4_1,
  q4_0,
  iq4_nl,
  iq4_xs,
  q3_k,
  q2_k,
]

/** Names of `ggml_type` (ggml.h), by id, so that a file with one that cannot be read is refused by name. */
const ggmlTypeNames: Readonly<Record<number, string>> = {
  9: 'Q8_1',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  21: 'IQ3_S',
  22: 'IQ2_S',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
  40: 'NVFP4',
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
