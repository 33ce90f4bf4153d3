import { HoneError } from '../../core/errors.ts'
import {
  gradientCheckpointings,
  type AdaptedLayers,
  type TrainingMethod,
  type TrainingOverrides,
  type TrainingPlan,
  type TrainingSettings,
  type GradientCheckpointing,
} from '../../core/training-settings.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { planActivationCache } from './activation-cache-plan.ts'
import { stepsPerEpoch } from './batch-order.ts'
import { trainingCost, type DatasetTokens, type TrainingCost } from './training-cost.ts'

/** What the defaults depend on. */
export interface DatasetSize extends DatasetTokens {
  /** How many examples are preference pairs; their lengths are those of the longer answer. Default 0. */
  readonly pairs?: number
  /** Memory that is free, in bytes. Default: enough. */
  readonly freeBytes?: number
  /** Disk that is free for the job, in bytes. Default: enough. */
  readonly freeDiskBytes?: number | undefined
}

// Below this many updates a low-rank adapter has hardly left its start.
const wantedSteps = 90

/** Chooses every setting that was not given, by the number and length of the examples and the size of the base. */
export function planTraining(
  architecture: Architecture,
  config: ModelConfig,
  size: DatasetSize,
  overrides: TrainingOverrides = {},
): TrainingPlan {
  const baseParameters = architecture
    .tensors(config)
    .reduce((sum, { shape }) => sum + shape.reduce((product, dimension) => product * dimension, 1), 0)
  const settings: Record<string, unknown> = {}
  const reasons: Record<string, string> = {}
  const choose = <Key extends keyof TrainingSettings>(
    key: Key,
    value: TrainingSettings[Key],
    reason: string,
  ): TrainingSettings[Key] => {
    const given = overrides[key] as TrainingSettings[Key] | undefined
    settings[key] = given ?? value
    reasons[key] = given === undefined ? reason : 'as given'
    return settings[key] as TrainingSettings[Key]
  }

  refuseTargets(architecture, overrides.targets)
  const method = choose('method', ...methodOf(size, overrides.method))
  choose('preference', null, 'only for dpo')
  if (method === 'dpo') {
    settings['preference'] = { beta: 0.1, labelSmoothing: 0, ...overrides.preference }
    reasons['preference'] = 'how far the model may leave its start; 0.1 is usual'
  } else if (overrides.preference !== undefined) {
    throw new HoneError('E_CONFIG', 'preference settings are given, but the method is sft', {
      at: { pointer: '/training/preference' },
      hint: 'leave them out, or train preference pairs with --method dpo',
    })
  }
  choose(
    'answers',
    'all',
    method === 'dpo' ? 'of a pair, the last turn is what differs' : 'every answer is worth learning',
  )
  const rank = choose('rank', 16, 'enough for a narrow task; 8 saves memory, 64 is for broad ones')
  choose('alpha', 2 * rank, 'twice the rank')
  choose('scaling', 'standard', 'alpha / rank; rslora divides by the root of the rank, for ranks above 32')
  const targets = choose(
    'targets',
    architecture.linearModules,
    'all linear layers learn more than attention alone',
  )

  const layers = choose('layers', 'all', 'fewer, counted from the output, are faster and learn less')
  refuseLayers(config, layers)
  const adaptedLayers = layers === 'all' ? config.layers : layers

  choose('dropout', 0, 'a low-rank adapter hardly overfits by size')
  if (overrides.dropout !== undefined && overrides.dropout > 0 && (size.prefix ?? 0) > 0) {
    reasons['dropout'] =
      `as given; the ${size.prefix} tokens that all records begin with drop alike for a whole batch`
  }

  const wished = size.examples < 64 ? 4 : size.examples < 1000 ? 8 : 16
  const batchSize = choose('batchSize', Math.min(wished, size.examples), `for ${size.examples} examples`)
  const accumulate = choose('accumulate', 1, 'a batch of many rows is computed in parts anyway')
  const perEpoch = stepsPerEpoch(size.examples, batchSize, accumulate)
  const epochs = choose(
    'epochs',
    Math.min(
      method === 'dpo' ? 3 : 8,
      Math.max(size.examples > 5000 ? 2 : 3, Math.ceil(wantedSteps / perEpoch)),
    ),
    `${perEpoch} steps an epoch`,
  )
  const maxSteps = choose('maxSteps', null, 'the epochs decide')
  const steps = Math.max(1, Math.min(Math.ceil(epochs * perEpoch), maxSteps ?? Infinity))

  const [rate, sizeReason] =
    baseParameters < 5e8
      ? [1e-3, 'a base under 0.5 B weights takes a high rate']
      : baseParameters < 2e9
        ? [5e-4, 'a base of 0.5 to 2 B weights']
        : [2e-4, 'a base above 2 B weights']
  if (method === 'dpo')
    choose('learningRate', rate / 10, 'a tenth of that for answers: preferences move a model fast')
  else choose('learningRate', rate, sizeReason)
  choose('schedule', 'cosine', 'falls to 0, so that the last steps settle')
  choose('warmup', Math.min(20, Math.ceil(steps * 0.05)), '5 % of the steps, at most 20')
  if (overrides.warmup !== undefined)
    settings['warmup'] = Math.round(overrides.warmup < 1 ? steps * overrides.warmup : overrides.warmup)
  choose('weightDecay', 0, 'a low-rank adapter hardly overfits by size')
  choose('beta1', 0.9, 'AdamW default')
  choose('beta2', 0.999, 'AdamW default')
  choose('epsilon', 1e-8, 'AdamW default')
  choose('clip', 1, 'keeps one odd batch from throwing the run')
  choose('seed', 7, 'any number; the same one gives the same adapter')
  const learned = Math.min(steps * batchSize * accumulate, epochs * size.examples)
  const [times, timesReason] = planValidations(
    learned,
    size.validation,
    overrides.earlyStopping !== undefined,
  )
  choose('validationEvery', Math.max(5, Math.ceil(steps / times)), timesReason)
  choose('checkpointEvery', Math.max(10, Math.ceil(steps / 10)), 'about ten times a run, and on a signal')
  choose('earlyStopping', null, 'off: the schedule ends at 0; the best adapter is kept either way')
  if (overrides.earlyStopping !== undefined)
    settings['earlyStopping'] = { threshold: 0, patience: 3, ...overrides.earlyStopping }

  const shapes = new Map(architecture.tensors(config).map(({ name, shape }) => [name, shape]))
  let trainableParameters = 0
  for (let layer = config.layers - adaptedLayers; layer < config.layers; layer++) {
    for (const target of targets) {
      const [outputs = 0, inputs = 0] = shapes.get(`${architecture.moduleName(layer, target)}.weight`) ?? []
      trainableParameters += rank * (outputs + inputs)
    }
  }
  const validations = Math.ceil(steps / (settings['validationEvery'] as number))
  const { validation = 0 } = size
  const seen = learned + validations * validation + (method === 'dpo' ? size.examples + validation : 0)
  const [caches, cacheReason] = planActivationCache(config, {
    ...size,
    frozenLayers: config.layers - adaptedLayers,
    sequences: method === 'dpo' ? 2 : 1,
    passes: seen / (size.examples + validation),
  })
  const activationCache = overrides.activationCache ?? caches
  const cost = trainingCost(config, {
    ...size,
    isPreference: method === 'dpo',
    adaptedLayers,
    activationCache,
    hasDropout: (overrides.dropout ?? 0) > 0,
    baseParameters,
    trainableParameters,
    batchSize,
    learned,
    validations,
  })
  const checkpointing = choose('gradientCheckpointing', ...checkpointingOf(cost, size.freeBytes))
  choose('activationCache', caches, cacheReason)
  return {
    ...cost[checkpointing],
    settings: settings as unknown as TrainingSettings,
    reasons: reasons as TrainingPlan['reasons'],
    steps,
    trainableParameters,
    baseParameters,
  }
}

// Where more is free than a step could ever use, nothing is computed twice to save it.
const plentifulShare = 0.1
const worthSaving = 1e9

/**
 * How often a run validates, and why: six times, unless that took more than a sixth of its time. A row that is only looked
 * at costs about 0.4 of one that is learned.
 */
function planValidations(learned: number, validation = 0, stopsEarly: boolean): [times: number, why: string] {
  const affordable = Math.round((learned / validation) * (1 / 6 / 0.4))
  if (stopsEarly || affordable >= 6) return [6, 'about six times a run']
  const times = Math.max(2, affordable)
  return [times, `about ${times} times a run: ${validation} records to validate are many beside ${learned}`]
}

/** What is computed twice: what has to be, or what saves much memory for a few percent of time. */
function checkpointingOf(
  cost: Readonly<Record<GradientCheckpointing, TrainingCost>>,
  freeBytes = Infinity,
): [GradientCheckpointing, string] {
  const need = (mode: GradientCheckpointing): string => `${(cost[mode].peakBytes / 1e9).toFixed(1)} GB`
  const fitting = gradientCheckpointings.find((mode) => cost[mode].peakBytes <= freeBytes * 0.8) ?? 'layers'
  if (fitting !== 'none') {
    const free = (freeBytes / 1e9).toFixed(1)
    return [
      fitting,
      `a step would need ${need('none')} of ${free} GB that are free; so it needs ${need(fitting)}`,
    ]
  }
  const { none, activations } = cost
  const isPlenty = none.peakBytes <= freeBytes * plentifulShare
  if (!isPlenty && none.peakBytes - activations.peakBytes >= worthSaving) {
    return [
      'activations',
      `a step needs ${need('activations')}, not ${need('none')}, for a few percent more time`,
    ]
  }
  return [
    'none',
    `a step needs ${need('none')}; activations: ${need('activations')}, layers: ${need('layers')} and a third more time`,
  ]
}

function refuseLayers({ layers }: ModelConfig, wanted: AdaptedLayers): void {
  if (wanted === 'all' || (wanted >= 1 && wanted <= layers)) return
  throw new HoneError('E_CONFIG', `${wanted} layers are to learn; the base has ${layers}`, {
    at: { pointer: '/training/layers' },
    hint: `give a number from 1 to ${layers}, or all`,
  })
}

function refuseTargets({ name, linearModules }: Architecture, targets: readonly string[] | undefined): void {
  if (targets === undefined) return
  const wrong = targets.find(
    (target, index) => !linearModules.includes(target) || targets.indexOf(target) !== index,
  )
  if (targets.length > 0 && wrong === undefined) return
  const message =
    wrong === undefined
      ? 'no linear layer is to be trained'
      : linearModules.includes(wrong)
        ? `the linear layer "${wrong}" is named twice`
        : `${name} has no linear layer "${wrong}"`
  throw new HoneError('E_CONFIG', message, {
    at: { pointer: '/training/targets' },
    hint: `choose from ${linearModules.join(', ')}`,
  })
}

/** Which method the records are for, and why. */
function methodOf(
  { examples, pairs = 0 }: DatasetSize,
  given: TrainingMethod | undefined,
): [TrainingMethod, string] {
  if (given === 'dpo' && pairs < examples) {
    throw new HoneError(
      'E_DATA',
      `dpo learns from preference pairs; ${examples - pairs} of ${examples} records are none`,
      {
        hint: 'give each record a second answer, or learn the answers with --method sft',
      },
    )
  }
  if (given === undefined && pairs > 0 && pairs < examples) {
    throw new HoneError(
      'E_DATA',
      `${pairs} of ${examples} records are preference pairs, and the others are not`,
      {
        hint: 'put them into a file of their own, or learn only the answers, the preferred ones of pairs, with --method sft',
      },
    )
  }
  return pairs > 0
    ? ['dpo', 'all records are preference pairs']
    : ['sft', 'the records hold answers to learn']
}
