import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { readSafetensors, writeSafetensors } from '../weights/safetensors.ts'
import { adapterTensorSpecs, emptyAdapter, type Adapter } from './adapter.ts'
import { fromPeftConfig, toPeftConfig } from './peft-config.ts'

export const adapterConfigFile = 'adapter_config.json'
export const adapterWeightsFile = 'adapter_model.safetensors'
/** The files of an adapter's folder. */
export const adapterFiles: readonly [config: string, weights: string] = [
  adapterConfigFile,
  adapterWeightsFile,
]
const pickledWeightsFile = 'adapter_model.bin'
/** PEFT wraps the model twice before it names the matrices. */
const peftPrefix = 'base_model.model.'

export interface WriteAdapterOptions {
  /** What it was trained with; only training again would use it. */
  readonly dropout?: number
}

/** Writes an adapter in the layout of PEFT, so that `PeftModel.from_pretrained` reads it. */
export async function writeAdapter(
  folder: string,
  adapter: Adapter,
  base: string,
  { dropout = 0 }: WriteAdapterOptions = {},
): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, folder)
  })
  const config = { ...toPeftConfig(adapter.config, base), lora_dropout: dropout }
  await replaceFileWith(join(folder, adapterConfigFile), `${JSON.stringify(config, null, 2)}\n`)
  const tensors = new Map([...adapter.tensors].map(([name, tensor]) => [peftPrefix + name, tensor]))
  await writeSafetensors(join(folder, adapterWeightsFile), tensors, { format: 'pt' })
}

/**
 * Reads an adapter folder in PEFT's layout.
 *
 * @throws HoneError `E_MODEL_FILE` for files that are damaged or do not fit the base, `E_MODEL_UNSUPPORTED` for a kind of
 *   adapter that is not computed here
 */
export async function readAdapter(
  folder: string,
  architecture: Architecture,
  config: ModelConfig,
): Promise<Adapter> {
  const file = join(folder, adapterConfigFile)
  const adapterConfig = fromPeftConfig(await readJson(file), architecture, config, file)
  const weights = join(folder, adapterWeightsFile)
  if (!(await exists(weights)) && (await exists(join(folder, pickledWeightsFile)))) {
    throw new HoneError('E_MODEL_UNSUPPORTED', `${pickledWeightsFile} is a pickle file, which is not read`, {
      at: { file: join(folder, pickledWeightsFile) },
      hint: `save the adapter as ${adapterWeightsFile}: save_pretrained(..., safe_serialization=True)`,
    })
  }
  const { tensors } = await readSafetensors(weights)
  const specs = adapterTensorSpecs(architecture, config, adapterConfig)
  for (const { name, shape } of specs) {
    const tensor = tensors.get(peftPrefix + name)
    if (tensor !== undefined && tensor.shape.join() === shape.join()) continue
    const found = tensor === undefined ? 'is missing' : `has the shape [${tensor.shape.join(', ')}]`
    throw new HoneError('E_MODEL_FILE', `${name} ${found}; the base needs [${shape.join(', ')}]`, {
      at: { file: weights },
      hint: 'the adapter may belong to another base',
    })
  }
  if (tensors.size > specs.length) {
    const known = new Set(specs.map(({ name }) => peftPrefix + name))
    const [other] = [...tensors.keys()].filter((name) => !known.has(name))
    throw new HoneError(
      'E_MODEL_FILE',
      `the adapter holds ${tensors.size - specs.length} tensors that are not LoRA matrices of its target modules: ${other}`,
      { at: { file: weights } },
    )
  }
  // Allocated when the file is known to hold as much: the rank is only what the other file says.
  const adapter = emptyAdapter(specs, adapterConfig)
  for (const [name, { data }] of adapter.tensors) {
    data.set(tensors.get(peftPrefix + name)?.data ?? [])
    const broken = data.find((value) => !Number.isFinite(value))
    if (broken === undefined) continue
    throw new HoneError('E_MODEL_FILE', `${name} holds ${broken}`, { at: { file: weights } })
  }
  return adapter
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new HoneError('E_MODEL_FILE', 'the file is missing or not JSON', { at: { file }, cause })
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined
}
