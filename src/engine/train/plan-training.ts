import { HoneError } from '../../core/errors.ts'
import type { TrainingOverrides, TrainingPlan, TrainingSettings } from '../../core/training-settings.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { stepsPerEpoch } from './batch-order.ts'
import { rowsPerRun } from './gradient-engine.ts'

/** What the defaults depend on. */
export interface DatasetSize {
  readonly examples: number
  /** Tokens of the longest example. */
  readonly longest: number
  /** Tokens of an average example. */
  readonly mean: number
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
  const rank = choose('rank', 16, 'enough for a narrow task; 8 saves memory, 64 is for broad ones')
  choose('alpha', 2 * rank, 'twice the rank')
  const targets = choose(
    'targets',
    architecture.linearModules,
    'all linear layers learn more than attention alone',
  )

  const wished = size.examples < 64 ? 4 : size.examples < 1000 ? 8 : 16
  const batchSize = choose('batchSize', Math.min(wished, size.examples), `for ${size.examples} examples`)
  const accumulate = choose('accumulate', 1, 'a batch of many rows is computed in parts anyway')
  const perEpoch = stepsPerEpoch(size.examples, batchSize, accumulate)
  const epochs = choose(
    'epochs',
    Math.min(8, Math.max(size.examples > 5000 ? 2 : 3, Math.ceil(wantedSteps / perEpoch))),
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
  choose('learningRate', rate, sizeReason)
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
  choose('validationEvery', Math.max(5, Math.ceil(steps / 6)), 'about six times a run')
  choose('checkpointEvery', Math.max(10, Math.ceil(steps / 10)), 'about ten times a run, and on a signal')
  choose('earlyStopping', null, 'off: the schedule ends at 0; the best adapter is kept either way')
  if (overrides.earlyStopping !== undefined)
    settings['earlyStopping'] = { threshold: 0, patience: 3, ...overrides.earlyStopping }

  const shapes = new Map(architecture.tensors(config).map(({ name, shape }) => [name, shape]))
  let trainableParameters = 0
  for (let layer = 0; layer < config.layers; layer++) {
    for (const target of targets) {
      const [outputs = 0, inputs = 0] = shapes.get(`${architecture.moduleName(layer, target)}.weight`) ?? []
      trainableParameters += rank * (outputs + inputs)
    }
  }
  return {
    settings: settings as unknown as TrainingSettings,
    reasons: reasons as TrainingPlan['reasons'],
    steps,
    trainableParameters,
    baseParameters,
    peakBytes: peakBytes(config, {
      baseParameters,
      trainableParameters,
      rows: Math.min(batchSize * size.longest, Math.max(rowsPerRun, size.longest)),
      keys: size.longest,
    }),
  }
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

/** Expected memory of a training step; measured to be within a fifth for bases of 0.1 to 1 B weights. */
function peakBytes(
  config: ModelConfig,
  size: { baseParameters: number; trainableParameters: number; rows: number; keys: number },
): number {
  const { hiddenSize, intermediateSize, heads, layers, vocabularySize } = config
  // Kept for the backward pass: about eight hidden-sized and four intermediate-sized activations a layer, and the attention
  // probabilities twice.
  const perRow = layers * (8 * hiddenSize + 4 * intermediateSize + 2 * heads * size.keys)
  // Answers are about a quarter of a record's tokens; logits and their exponentials exist at once.
  const logits = (size.rows / 4) * vocabularySize * 3
  const process = 250e6
  return process + 4 * (size.baseParameters + 5 * size.trainableParameters + size.rows * perRow + logits)
}
