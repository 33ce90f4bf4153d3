import { InvalidArgumentError, Option, type Command } from 'commander'
import { toConfigProblems } from '../../config/config-issues.ts'
import { configJsonSchema } from '../../config/config-schema.ts'
import { trainingSchema, type TrainingConfig } from '../../config/training-schema.ts'
import {
  adapterScalings,
  answerChoices,
  gradientCheckpointings,
  scheduleKinds,
  trainingMethods,
} from '../../core/training-settings.ts'

interface TrainingFlag {
  /** Key in `training` of the configuration, and in the settings of a job. */
  readonly path: readonly [keyof TrainingConfig, ...string[]]
  readonly flag: string
  readonly value: 'number' | 'word' | 'words' | 'number or all' | 'yes or no'
  readonly description: string
  readonly choices?: readonly string[]
}

/** One table for every command that trains. What is not given is chosen by the data, and said. */
const flags: readonly TrainingFlag[] = [
  {
    path: ['method'],
    flag: '--method',
    value: 'word',
    choices: trainingMethods,
    description: 'learn answers, or preferences (default: dpo where all records are preference pairs)',
  },
  {
    path: ['preference', 'beta'],
    flag: '--preference-beta',
    value: 'number',
    description: 'dpo: how strongly the model is held to its start (default: 0.1)',
  },
  {
    path: ['preference', 'labelSmoothing'],
    flag: '--label-smoothing',
    value: 'number',
    description: 'dpo: share of pairs that may be labelled the wrong way round (default: 0)',
  },
  {
    path: ['answers'],
    flag: '--answers',
    value: 'word',
    choices: answerChoices,
    description: 'assistant turns that are learned (default: all)',
  },
  { path: ['epochs'], flag: '--epochs', value: 'number', description: 'passes over the training data' },
  {
    path: ['maxSteps'],
    flag: '--max-steps',
    value: 'number',
    description: 'most optimizer steps (default: the epochs decide)',
  },
  { path: ['batchSize'], flag: '--batch', value: 'number', description: 'examples in one pass' },
  {
    path: ['accumulate'],
    flag: '--accumulate',
    value: 'number',
    description: 'passes in one optimizer step',
  },
  { path: ['learningRate'], flag: '--learning-rate', value: 'number', description: 'highest learning rate' },
  {
    path: ['schedule'],
    flag: '--schedule',
    value: 'word',
    choices: scheduleKinds,
    description: 'how the learning rate falls (default: cosine)',
  },
  {
    path: ['warmup'],
    flag: '--warmup',
    value: 'number',
    description: 'steps of rising learning rate: a share below 1, or a number (default: 5 %, at most 20)',
  },
  { path: ['rank'], flag: '--rank', value: 'number', description: 'rank of the LoRA matrices (default: 16)' },
  { path: ['alpha'], flag: '--alpha', value: 'number', description: 'LoRA scale (default: twice the rank)' },
  {
    path: ['scaling'],
    flag: '--scaling',
    value: 'word',
    choices: adapterScalings,
    description: 'alpha / rank, or alpha / √rank (default: standard)',
  },
  {
    path: ['targets'],
    flag: '--targets',
    value: 'words',
    description: 'linear layers that learn, with commas between (default: all)',
  },
  {
    path: ['layers'],
    flag: '--layers',
    value: 'number or all',
    description: 'layers that learn, counted from the output; fewer are faster and learn less (default: all)',
  },
  {
    path: ['dropout'],
    flag: '--dropout',
    value: 'number',
    description: "share of the adapters' input that is dropped in training (default: 0)",
  },
  {
    path: ['weightDecay'],
    flag: '--weight-decay',
    value: 'number',
    description: 'decoupled weight decay (default: 0)',
  },
  {
    path: ['clip'],
    flag: '--clip',
    value: 'number',
    description: 'largest norm of the gradient, 0 for no limit (default: 1)',
  },
  {
    path: ['seed'],
    flag: '--seed',
    value: 'number',
    description: 'seed of the adapter and of the order of examples (default: 7)',
  },
  {
    path: ['validationEvery'],
    flag: '--validation-every',
    value: 'number',
    description: 'steps between validations (default: about six a run)',
  },
  {
    path: ['checkpointEvery'],
    flag: '--checkpoint-every',
    value: 'number',
    description: 'steps between checkpoints (default: about ten a run)',
  },
  {
    path: ['earlyStopping', 'patience'],
    flag: '--early-stopping-patience',
    value: 'number',
    description:
      'validations without a better loss after which training stops (default: never; 3 with a threshold)',
  },
  {
    path: ['earlyStopping', 'threshold'],
    flag: '--early-stopping-threshold',
    value: 'number',
    description: 'smallest fall of the loss that counts as better (default: 0)',
  },
  {
    path: ['gradientCheckpointing'],
    flag: '--gradient-checkpointing',
    value: 'word',
    choices: gradientCheckpointings,
    description: 'what is computed again to save memory (default: what a step needs to fit)',
  },
  {
    path: ['activationCache'],
    flag: '--activation-cache',
    value: 'yes or no',
    description:
      'with --layers: keep what the layers below give for each record on disk while training (default: yes where it saves time and fits)',
  },
]

/** The flag that changes a setting. */
export const flagOfSetting = (key: string): string | undefined =>
  flags.find(({ path }) => path[0] === key)?.flag

const placeholders = {
  number: '<number>',
  word: '<name>',
  words: '<names>',
  'number or all': '<number>',
  'yes or no': '<yes-no>',
} as const

export function addTrainingOptions(command: Command): Command {
  for (const flag of flags) {
    const option = new Option(`${flag.flag} ${placeholders[flag.value]}`, describe(flag))
    command.addOption(option.argParser((text) => parseFlag(flag, text)))
  }
  return command
}

/** The training settings among a command's options, as the configuration writes them. */
export function trainingOf(options: Readonly<Record<string, unknown>>): TrainingConfig {
  const training: Record<string, unknown> = {}
  for (const { path, flag } of flags) {
    const value = options[optionName(flag)]
    if (value !== undefined) Object.assign(training, nested(path, value, training))
  }
  return training
}

const describe = ({ description, choices }: TrainingFlag): string => {
  const text = choices === undefined ? description : `${description} (choices: ${choices.join(', ')})`
  return text.includes('(default') ? text : `${text} (default: chosen by the data)`
}

const optionName = (flag: string): string =>
  flag.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

function parseFlag({ path, value: kind }: TrainingFlag, text: string): unknown {
  const value = toValue(kind, text)
  const raw = nested(path, value, {})
  const checked = trainingSchema.safeParse(raw)
  if (checked.success) return value
  const [problem] = toConfigProblems(checked.error.issues, raw, configJsonSchema())
  throw new InvalidArgumentError(problem?.message ?? 'not a value of this option')
}

function toValue(kind: TrainingFlag['value'], text: string): unknown {
  if (kind === 'number') return toNumber(text)
  if (kind === 'number or all') return text === 'all' ? text : toNumber(text)
  if (kind === 'yes or no') return toFlag(text)
  if (kind === 'words') return text.split(',').map((word) => word.trim())
  return text
}

function toNumber(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(number)) return number
  throw new InvalidArgumentError('must be a number')
}

function toFlag(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw new InvalidArgumentError('must be yes or no')
}

function nested(path: readonly string[], value: unknown, into: Readonly<Record<string, unknown>>): object {
  const [key = '', inner] = path
  return inner === undefined
    ? { [key]: value }
    : { [key]: { ...(into[key] as object | undefined), [inner]: value } }
}
