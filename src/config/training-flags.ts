import {
  adapterScalings,
  answerChoices,
  gradientCheckpointings,
  scheduleKinds,
  trainingMethods,
} from '../core/training-settings.ts'
import type { TrainingConfig } from './training-schema.ts'

/** An option of the command line that sets a setting of training. */
export interface TrainingFlag {
  /** Key in `training` of the configuration, and in the settings of a job. */
  readonly path: readonly [keyof TrainingConfig, ...string[]]
  readonly flag: string
  readonly value: 'number' | 'word' | 'words' | 'number or all' | 'yes or no'
  readonly description: string
  readonly choices?: readonly string[]
}

/** One table for every command that trains. What is not given is chosen by the data, and said. */
export const trainingFlags: readonly TrainingFlag[] = [
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
    description: 'steps between validations (default: at most six a run)',
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
  trainingFlags.find(({ path }) => path[0] === key)?.flag
