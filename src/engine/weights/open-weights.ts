import { extname } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { Architecture, ModelConfig, TensorSpec } from '../arch/architecture.ts'
import { ggufWeights } from './gguf-weights.ts'
import { openGguf } from './gguf.ts'
import { safetensorsWeights } from './safetensors-weights.ts'
import type { WeightSource } from './weight-source.ts'

/**
 * Opens weights files, one GGUF file or any number of safetensors files, by their extension.
 *
 * @throws HoneError `E_MODEL_FILE` or `E_MODEL_UNSUPPORTED`
 */
export async function openWeights(
  files: readonly string[],
  architecture: Architecture,
  config: ModelConfig,
  specs: readonly TensorSpec[],
): Promise<WeightSource> {
  const [first = ''] = files
  if (extname(first) !== '.gguf') return safetensorsWeights(files)
  if (architecture.gguf === undefined) {
    throw new HoneError('E_MODEL_UNSUPPORTED', `${architecture.name} is not read from GGUF files`, {
      at: { file: first },
    })
  }
  return ggufWeights(await openGguf(first), architecture.gguf, config, specs)
}
