import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { readSafetensors, writeSafetensors } from '../weights/safetensors.ts'
import { adapterTensorSpecs, emptyAdapter, type Adapter } from './adapter.ts'

const configFile = 'adapter_config.json'
const adapterWeightsFile = 'adapter_model.safetensors'
/** PEFT wraps the model twice before it names the matrices. */
const peftPrefix = 'base_model.model.'

// What is named here changes the mathematics, so anything but these values is refused.
const peftConfig = z.looseObject({
  peft_type: z.literal('LORA'),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  target_modules: z.array(z.string()).min(1),
  bias: z.literal('none').optional(),
  use_rslora: z.literal(false).nullish(),
  use_dora: z.literal(false).nullish(),
  fan_in_fan_out: z.literal(false).nullish(),
  modules_to_save: z.null().optional(),
  rank_pattern: z.strictObject({}).nullish(),
  alpha_pattern: z.strictObject({}).nullish(),
  // Starts that leave the base as it is; the others (PiSSA, OLoRA, CorDA, LoftQ) subtract from its weights.
  init_lora_weights: z.union([z.boolean(), z.enum(['gaussian', 'orthogonal', 'eva'])]).nullish(),
  lora_bias: z.literal(false).nullish(),
  use_qalora: z.literal(false).nullish(),
  use_bdlora: z.null().optional(),
  alora_invocation_tokens: z.null().optional(),
  arrow_config: z.null().optional(),
  kasa_config: z.null().optional(),
  layer_replication: z.null().optional(),
  target_parameters: z.null().optional(),
  trainable_token_indices: z.null().optional(),
})

/** Writes an adapter in the layout of PEFT, so that `PeftModel.from_pretrained` reads it. */
export async function writeAdapter(folder: string, adapter: Adapter, base: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, folder)
  })
  const { rank, alpha, targetModules } = adapter.config
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    target_modules: targetModules,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    modules_to_save: null,
    use_rslora: false,
    use_dora: false,
  }
  await replaceFileWith(join(folder, configFile), `${JSON.stringify(config, null, 2)}\n`)
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
  const file = join(folder, configFile)
  const parsed = peftConfig.safeParse(await readJson(file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new HoneError('E_MODEL_UNSUPPORTED', `this kind of adapter is not supported: ${issue?.message}`, {
      at: { file, pointer: `/${issue?.path.join('/') ?? ''}` },
      hint: 'plain LoRA adapters without rank or alpha patterns can be used',
    })
  }
  const { r: rank, lora_alpha: alpha, target_modules: targets } = parsed.data
  const unknown = targets.find((target) => !architecture.linearModules.includes(target))
  if (unknown !== undefined) {
    throw new HoneError(
      'E_MODEL_FILE',
      `the adapter targets "${unknown}", which ${architecture.name} does not have`,
      {
        at: { file, pointer: '/target_modules' },
        hint: `its linear modules are ${architecture.linearModules.join(', ')}`,
      },
    )
  }
  // In the architecture's own order: PEFT writes the names as an unordered set.
  const targetModules = architecture.linearModules.filter((module) => targets.includes(module))
  const weights = join(folder, adapterWeightsFile)
  const { tensors } = await readSafetensors(weights)
  const specs = adapterTensorSpecs(architecture, config, { rank, alpha, targetModules })
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
    throw new HoneError(
      'E_MODEL_FILE',
      `the adapter holds ${tensors.size - specs.length} tensors that are not LoRA matrices of its target modules`,
      {
        at: { file: weights },
      },
    )
  }
  // Allocated when the file is known to hold as much: the rank is only what the other file says.
  const adapter = emptyAdapter(specs, { rank, alpha, targetModules })
  for (const [name, { data }] of adapter.tensors) data.set(tensors.get(peftPrefix + name)?.data ?? [])
  return adapter
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new HoneError('E_MODEL_FILE', 'the file is missing or not JSON', { at: { file }, cause })
  }
}
