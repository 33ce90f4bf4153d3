import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import type { AdapterConfig, ModuleRank } from './adapter.ts'
import { fullMatches } from './module-patterns.ts'

const pattern = z.record(z.string(), z.number().positive()).nullish()
const none = z.union([z.null(), z.tuple([])]).optional()
const off = z.literal(false).nullish()

// What is named here changes the mathematics, so anything but these values is refused.
const peftConfig = z.looseObject({
  peft_type: z.literal('LORA'),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  target_modules: z.union([z.array(z.string()).min(1), z.string().min(1)]),
  exclude_modules: z.union([z.array(z.string()), z.string()]).nullish(),
  layers_to_transform: z.union([z.array(z.int()), z.int()]).nullish(),
  layers_pattern: z.union([z.array(z.literal('layers')), z.literal('layers'), z.literal('')]).nullish(),
  rank_pattern: z.record(z.string(), z.int().positive()).nullish(),
  alpha_pattern: pattern,
  use_rslora: z.boolean().nullish(),
  bias: z.literal('none').optional(),
  use_dora: off,
  fan_in_fan_out: off,
  modules_to_save: none,
  // Starts that leave the base as it is; the others (PiSSA, OLoRA, CorDA, LoftQ) subtract from its weights.
  init_lora_weights: z.union([z.boolean(), z.enum(['gaussian', 'orthogonal', 'eva'])]).nullish(),
  lora_bias: off,
  use_qalora: off,
  use_bdlora: none,
  alora_invocation_tokens: none,
  arrow_config: none,
  kasa_config: none,
  layer_replication: none,
  target_parameters: none,
  trainable_token_indices: none,
})

type PeftConfig = z.infer<typeof peftConfig>

/** What a setting that is refused stands for. */
const kinds: Readonly<Record<string, string>> = {
  use_dora: 'DoRA',
  modules_to_save: 'modules trained in full',
  bias: 'trained biases',
  lora_bias: 'trained biases',
  fan_in_fan_out: 'transposed base weights',
  trainable_token_indices: 'trained tokens',
  target_parameters: 'adapted parameters outside linear modules',
  layer_replication: 'repeated layers',
  init_lora_weights: 'a start that changes the base weights',
  alora_invocation_tokens: 'activated LoRA',
  arrow_config: 'Arrow routing',
  kasa_config: 'KaSA',
  use_qalora: 'QALoRA',
  use_bdlora: 'BD-LoRA',
}

/**
 * The adapter that `adapter_config.json` of PEFT describes on a base.
 *
 * @param file named in errors
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a kind that is not computed here, by its name; `E_MODEL_FILE` for targets
 *   that the base does not have
 */
export function fromPeftConfig(
  json: unknown,
  architecture: Architecture,
  config: ModelConfig,
  file: string,
): AdapterConfig {
  const parsed = peftConfig.safeParse(json)
  if (!parsed.success) throw unsupported(json, parsed.error, file)
  const peft = parsed.data
  const candidates = Array.from({ length: config.layers }, (_, layer) =>
    architecture.linearModules.map((target) => ({
      layer,
      target,
      module: architecture.moduleName(layer, target),
    })),
  ).flat()
  const names = candidates.map(({ module }) => module)
  const targeted = targetedNames(peft, names, architecture, file)
  const ranks = byPattern(peft.rank_pattern, names, file, 'rank_pattern')
  const alphas = byPattern(peft.alpha_pattern, names, file, 'alpha_pattern')
  const layers = [peft.layers_to_transform ?? []].flat()
  const chosen = candidates.filter(
    ({ layer, module }) =>
      targeted.has(module) &&
      (layers.length === 0 || typeof peft.target_modules === 'string' || layers.includes(layer)),
  )
  if (chosen.length === 0) {
    throw new HoneError('E_MODEL_FILE', 'the adapter targets no linear module of the base', {
      at: { file, pointer: '/target_modules' },
      hint: `its linear modules are ${architecture.linearModules.join(', ')}, its layers 0 to ${config.layers - 1}`,
    })
  }
  const modules: Record<string, ModuleRank> = {}
  for (const { module } of chosen) {
    modules[module] = {
      rank: ranks.get(module) ?? peft.r,
      alpha: alphas.get(module) ?? peft.lora_alpha,
    }
  }
  // In the architecture's own order: PEFT writes the names as an unordered set.
  const targetModules = architecture.linearModules.filter((name) =>
    chosen.some(({ target }) => target === name),
  )
  const adaptedLayers = [...new Set(chosen.map(({ layer }) => layer))]
  const [first, ...others] = Object.values(modules)
  const isUniform =
    first !== undefined &&
    chosen.length === targetModules.length * adaptedLayers.length &&
    others.every(({ rank, alpha }) => rank === first.rank && alpha === first.alpha)
  return {
    rank: isUniform ? first.rank : peft.r,
    alpha: isUniform ? first.alpha : peft.lora_alpha,
    targetModules,
    ...(peft.use_rslora === true ? { scaling: 'rslora' as const } : {}),
    ...(isUniform && adaptedLayers.length < config.layers ? { layers: adaptedLayers } : {}),
    ...(isUniform ? {} : { modules }),
  }
}

/** `adapter_config.json` as PEFT 0.21 writes it. */
export function toPeftConfig(adapter: AdapterConfig, base: string): Record<string, unknown> {
  const modules = Object.entries(adapter.modules ?? {})
  const differing = (key: 'rank' | 'alpha'): Record<string, number> =>
    Object.fromEntries(
      modules.filter(([, own]) => own[key] !== adapter[key]).map(([module, own]) => [module, own[key]]),
    )
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    auto_mapping: null,
    base_model_name_or_path: base,
    revision: null,
    inference_mode: true,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    target_modules: adapter.modules === undefined ? adapter.targetModules : modules.map(([module]) => module),
    exclude_modules: null,
    bias: 'none',
    fan_in_fan_out: false,
    init_lora_weights: true,
    modules_to_save: null,
    layers_to_transform: adapter.layers ?? null,
    layers_pattern: null,
    rank_pattern: differing('rank'),
    alpha_pattern: differing('alpha'),
    use_rslora: adapter.scaling === 'rslora',
    use_dora: false,
    lora_bias: false,
    use_qalora: false,
    layer_replication: null,
    target_parameters: null,
    trainable_token_indices: null,
  }
}

const isNamed = (name: string, entry: string): boolean => name === entry || name.endsWith(`.${entry}`)

function targetedNames(
  { target_modules: targets, exclude_modules: excluded }: PeftConfig,
  names: readonly string[],
  architecture: Architecture,
  file: string,
): ReadonlySet<string> {
  const at = { file, pointer: '/target_modules' }
  let found: readonly string[]
  if (typeof targets === 'string') {
    const matches = targets.toLowerCase() === 'all-linear' ? undefined : fullMatches([targets], names, at)[0]
    found = names.filter((_, index) => matches?.[index] ?? true)
  } else {
    const unknown = targets.find((entry) => !names.some((name) => isNamed(name, entry)))
    if (unknown !== undefined && /(^|\.)(embed_tokens|lm_head)$/.test(unknown)) {
      throw new HoneError('E_MODEL_UNSUPPORTED', `adapters on "${unknown}" are not supported`, {
        at,
        hint: `the linear modules that can carry one are ${architecture.linearModules.join(', ')}`,
      })
    }
    if (unknown !== undefined) {
      throw new HoneError(
        'E_MODEL_FILE',
        `the adapter targets "${unknown}", which ${architecture.name} does not have`,
        { at, hint: `its linear modules are ${architecture.linearModules.join(', ')}` },
      )
    }
    found = names.filter((name) => targets.some((entry) => isNamed(name, entry)))
  }
  const without =
    typeof excluded === 'string'
      ? (fullMatches([excluded], found, { file, pointer: '/exclude_modules' })[0] ?? [])
      : found.map((name) => excluded?.some((entry) => isNamed(name, entry)) ?? false)
  return new Set(found.filter((_, index) => without[index] !== true))
}

/** The number of the first pattern that matches the end of a name, as `get_pattern_key` of PEFT finds it. */
function byPattern(
  patterns: Readonly<Record<string, number>> | null | undefined,
  names: readonly string[],
  file: string,
  key: string,
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  const entries = Object.entries(patterns ?? {})
  const expressions = entries.map(([expression]) => `(?:.*\\.)?(?:${expression})`)
  const matches = fullMatches(expressions, names, { file, pointer: `/${key}` })
  for (const [at, [, value]] of entries.entries()) {
    for (const [index, name] of names.entries()) {
      if (matches[at]?.[index] === true && !numbers.has(name)) numbers.set(name, value)
    }
  }
  return numbers
}

function unsupported(json: unknown, { issues }: z.ZodError, file: string): HoneError {
  const [issue] = issues
  const key = String(issue?.path[0] ?? '')
  const value = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[key] : undefined
  const shown = JSON.stringify(value)?.slice(0, 60) ?? 'missing'
  const what =
    key === 'peft_type'
      ? `adapters of the kind ${shown}`
      : kinds[key] === undefined
        ? `the value ${shown} of ${key}`
        : `adapters with ${kinds[key]} (${key}: ${shown})`
  return new HoneError('E_MODEL_UNSUPPORTED', `${what} cannot be used`, {
    at: { file, pointer: `/${issue?.path.join('/') ?? ''}` },
    hint: 'LoRA and rsLoRA adapters of linear modules can; or merge it in PEFT and import the merged model',
  })
}
