import { nearestNames } from './nearest-names.ts'
import type { Hyperparameter, Profile } from './profile.ts'

export interface HyperparameterProblem {
  readonly name: string
  readonly message: string
  readonly hint: string
}

/** What other services and older bases call the same thing. */
const sameThing: readonly (readonly string[])[] = [
  ['epochCount', 'n_epochs', 'epochs', 'num_train_epochs', 'numEpochs'],
  ['batchSize', 'batch_size', 'batch', 'per_device_train_batch_size'],
  ['learningRateMultiplier', 'learning_rate_multiplier', 'learningRate', 'learning_rate', 'lr'],
  ['learningRateWarmupSteps', 'warmup_steps', 'warmupSteps', 'warmup'],
  ['earlyStoppingPatience', 'early_stopping_patience', 'patience'],
  ['earlyStoppingThreshold', 'early_stopping_threshold'],
]

/**
 * What is wrong with a job's hyperparameters, given as the strings that go over the wire. Nothing is found where the
 * profile's page lists none.
 */
export function checkHyperparameters(
  profile: Profile,
  given: Readonly<Record<string, string>>,
): HyperparameterProblem[] {
  if (profile.hyperparameters.length === 0) return []
  return Object.entries(given).flatMap(([name, value]) => {
    const known = profile.hyperparameters.find((parameter) => parameter.name === name)
    return known === undefined ? [unknownName(profile, name)] : valueProblems(known, value)
  })
}

function unknownName(profile: Profile, name: string): HyperparameterProblem {
  const names = profile.hyperparameters.map((parameter) => parameter.name)
  const alike = sameThing.find((group) => group.includes(name))
  const meant = names.find((each) => alike?.includes(each)) ?? nearestNames(name, names)[0]
  const target = profile.hyperparameters.find((parameter) => parameter.name === meant)
  const message = `${profile.id} has no hyperparameter ${JSON.stringify(name.slice(0, 60))}`
  if (target === undefined) return { name, message, hint: `it has ${names.join(', ')}` }
  return { name, message, hint: `use ${target.name}, ${rangeText(target)}: ${target.meaning}` }
}

function valueProblems(parameter: Hyperparameter, text: string): HyperparameterProblem[] {
  const { name, type, words = [], minimum, maximum } = parameter
  if (words.includes(text)) return []
  const shown = JSON.stringify(text.slice(0, 40))
  const hint = `${name} is ${rangeText(parameter)}`
  if (type === 'word') return [{ name, message: `${name} cannot be ${shown}`, hint }]
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(number)) return [{ name, message: `${name} must be a number, not ${shown}`, hint }]
  if (type === 'integer' && !Number.isInteger(number)) {
    return [{ name, message: `${name} must be a whole number, not ${shown}`, hint }]
  }
  const outside = number < (minimum ?? -Infinity) || number > (maximum ?? Infinity)
  return outside ? [{ name, message: `${name} is ${text}, outside ${boundsText(parameter)}`, hint }] : []
}

/** `a whole number from 1 to 10, default 2`. */
export function rangeText(parameter: Hyperparameter): string {
  const { type, words = [], default: usual } = parameter
  const noun = type === 'integer' ? 'a whole number' : 'a number'
  const what =
    type === 'word'
      ? `one of ${words.join(', ')}`
      : [`${noun} ${boundsText(parameter)}`, ...words].join(' or ')
  return usual === undefined ? what.trim() : `${what}, default ${usual}`
}

function boundsText({ minimum, maximum }: Hyperparameter): string {
  if (minimum === undefined && maximum === undefined) return ''
  if (maximum === undefined) return `from ${minimum} up`
  return `from ${minimum ?? 'any'} to ${maximum}`
}
