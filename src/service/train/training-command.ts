import { trainingFlags } from '../../config/training-flags.ts'
import type { TrainRequest } from './draft-training.ts'

type CommandRequest = Pick<
  TrainRequest,
  'data' | 'validation' | 'base' | 'from' | 'system' | 'maxTokens' | 'dropLong' | 'overrides'
>

/** The command line that trains as a request says. */
export function trainingCommand(request: CommandRequest): string {
  const { data, validation, base, from, system, maxTokens, dropLong, overrides } = request
  const given: [string, unknown][] = [
    ['--data', data],
    ['--validation', validation],
    ['--base', from === undefined ? base : undefined],
    ['--from', from],
    ['--system', system],
    ['--max-tokens', maxTokens],
    ...trainingFlags.map(({ flag, path }): [string, unknown] => [flag, valueAt(overrides, path)]),
  ]
  const words = given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, wordOf(value)]))
  return ['hone train', ...words, ...(dropLong === true ? ['--drop-long'] : [])].join(' ')
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined || typeof value !== 'object' || value === null) return value
  return valueAt((value as Readonly<Record<string, unknown>>)[key], rest)
}

/** As a shell reads it; in single quotes where it holds anything but letters, digits and a few signs. */
function wordOf(value: unknown): string {
  const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
  return /^[\w./:@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
