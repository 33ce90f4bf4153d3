import { basename } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { tokenizerFromGguf } from '../../text/gguf-tokenizer.ts'
import { findGgufArchitecture } from '../arch/registry.ts'
import { checkTensors, tensorSpecs } from './check-tensors.ts'
import { checkText } from './check-text.ts'
import { ggufConfigJson } from './gguf-config-json.ts'
import { ggufWeights } from './gguf-weights.ts'
import { openGguf, type GgufFile } from './gguf.ts'
import type { ModelParts } from './model-parts.ts'

/**
 * Reads a base model from a GGUF file with its own tokenizer and chat template.
 *
 * @throws HoneError `E_MODEL_FILE`, `E_MODEL_UNSUPPORTED` or `E_TEMPLATE`
 */
export async function readGgufModel(file: string): Promise<ModelParts> {
  const gguf = await openGguf(file)
  try {
    return await readParts(gguf)
  } catch (error) {
    throw withFile(error, file)
  } finally {
    await gguf.close()
  }
}

async function readParts(gguf: GgufFile): Promise<ModelParts> {
  const { metadata, path } = gguf
  const name = metadata.get('general.architecture')
  if (typeof name !== 'string') throw new HoneError('E_MODEL_FILE', 'general.architecture is missing')
  const architecture = findGgufArchitecture(name)
  const mapping = architecture.gguf
  if (mapping === undefined) throw new HoneError('E_INTERNAL', `${name} has no mapping from GGUF`)
  const json = await ggufConfigJson(gguf, mapping)
  const config = architecture.config(json)
  const specs = tensorSpecs(architecture, config, gguf.tensors.size, path)
  checkTensors(ggufWeights(gguf, mapping, config, specs), specs, config, path)
  const { tokenizer, config: tokenizerConfig } = tokenizerFromGguf(metadata)
  if (!('chat_template' in tokenizerConfig)) {
    throw new HoneError('E_MODEL_FILE', 'the file has no chat template (tokenizer.chat_template)', {
      hint: "take the model's instruct or chat variant",
    })
  }
  checkText(tokenizer, { ...tokenizerConfig }, config, path)
  const licence = metadata.get('general.license')
  return {
    architecture,
    config,
    specs,
    texts: {
      'config.json': `${JSON.stringify(json, undefined, 2)}\n`,
      'tokenizer.json': JSON.stringify(tokenizer),
      'tokenizer_config.json': `${JSON.stringify(tokenizerConfig, undefined, 2)}\n`,
    },
    weights: [path],
    licence: typeof licence === 'string' ? licence : null,
    name: basename(path, '.gguf'),
  }
}

/** Readers of metadata do not know the file. */
function withFile(error: unknown, file: string): unknown {
  if (!HoneError.isInstance(error) || error.at.file !== undefined) return error
  return new HoneError(error.code, error.message, {
    at: { ...error.at, file },
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  })
}
