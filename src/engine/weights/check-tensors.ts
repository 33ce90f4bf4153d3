import { HoneError } from '../../core/errors.ts'
import type { Architecture, ModelConfig, TensorSpec } from '../arch/architecture.ts'
import type { WeightSource } from './weight-source.ts'

const namedAtMost = 5

/** Tensors that files hold although nothing is computed from them: rotary tables of old exports. */
const withoutEffect = /\.rotary_emb\.inv_freq$/

/** Every tensor of the architecture, after a check that the number of layers is one that the file can have. */
export function tensorSpecs(
  architecture: Architecture,
  config: ModelConfig,
  tensorsInFile: number,
  file: string,
): readonly TensorSpec[] {
  if (config.layers > tensorsInFile) {
    throw new HoneError('E_MODEL_FILE', `${config.layers} layers, but only ${tensorsInFile} tensors`, {
      at: { file },
    })
  }
  return architecture.tensors(config)
}

/**
 * Checks that the weights hold every tensor of the architecture in its shape, and none besides that would have to be
 * left out of the computation.
 *
 * @throws HoneError `E_MODEL_FILE` for a missing tensor or another shape, `E_MODEL_UNSUPPORTED` for one too many
 */
export function checkTensors(
  source: WeightSource,
  specs: readonly TensorSpec[],
  config: ModelConfig,
  file: string,
): void {
  const present = new Set(source.names())
  const missing = specs.filter(({ name }) => !present.has(name)).map(({ name }) => name)
  if (missing.length > 0) {
    throw new HoneError('E_MODEL_FILE', `the weights lack ${listOf(missing)}`, { at: { file } })
  }
  for (const { name, shape } of specs) {
    const found = source.shape(name)
    if (found.length !== shape.length || found.some((length, index) => length !== shape[index])) {
      throw new HoneError(
        'E_MODEL_FILE',
        `tensor "${name}" is ${found.join(' × ')}, config.json makes it ${shape.join(' × ')}`,
        { at: { file } },
      )
    }
    present.delete(name)
  }
  if (config.tiedEmbeddings) present.delete('lm_head.weight')
  const others = [...present].filter((name) => !withoutEffect.test(name))
  if (others.length > 0) {
    throw new HoneError(
      'E_MODEL_UNSUPPORTED',
      `the weights hold ${listOf(others)}, which ${config.architecture} does not use: another kind of model`,
      { at: { file } },
    )
  }
}

function listOf(names: readonly string[]): string {
  const rest = names.length - namedAtMost
  const named = names.slice(0, namedAtMost).join(', ')
  return rest > 0 ? `${named} and ${rest} more tensors` : named
}
