import { InvalidArgumentError, Option, type Command } from 'commander'
import { toConfigProblems } from '../../config/config-issues.ts'
import { configJsonSchema } from '../../config/config-schema.ts'
import { trainingFlags as flags, type TrainingFlag } from '../../config/training-flags.ts'
import { trainingSchema, type TrainingConfig } from '../../config/training-schema.ts'

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
