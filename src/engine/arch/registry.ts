import { HoneError } from '../../core/errors.ts'
import type { Architecture } from './architecture.ts'
import { gemma3 } from './gemma3.ts'
import { llama } from './llama.ts'
import { mistral } from './mistral.ts'
import { phi3 } from './phi3.ts'
import { qwen2 } from './qwen2.ts'
import { qwen3 } from './qwen3.ts'

/** Every architecture that the engine can compute. A new one is one file and one entry here. */
export const architectures: readonly Architecture[] = [llama, mistral, qwen2, qwen3, gemma3, phi3]

/** @throws HoneError `E_MODEL_UNSUPPORTED` with the list of those supported */
export function findArchitecture(huggingFaceName: string): Architecture {
  return find(huggingFaceName, (architecture) => architecture.huggingFaceNames)
}

/** @throws HoneError `E_MODEL_UNSUPPORTED` with the list of those supported */
export function findGgufArchitecture(name: string): Architecture {
  return find(name, (architecture) =>
    architecture.gguf === undefined ? [] : [architecture.gguf.architecture],
  )
}

function find(name: string, namesOf: (architecture: Architecture) => readonly string[]): Architecture {
  const found = architectures.find((architecture) => namesOf(architecture).includes(name))
  if (found !== undefined) return found
  const supported = [...new Set(architectures.flatMap(namesOf))].join(', ')
  throw new HoneError('E_MODEL_UNSUPPORTED', `the architecture ${name} is not supported`, {
    hint: `supported: ${supported}`,
  })
}
