import type { TrainableBases } from '../api/contract.ts'
import { formatCount, formatNumber } from './format.ts'

/** What can be set, as the API tells it. */
export type SettingInfo = TrainableBases['settings'][number]

/** The parts of JSON Schema that settings have. */
interface Schema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly const?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly anyOf?: readonly Schema[]
}

/** The words to choose from; undefined for what is typed. */
export function choicesOf({ schema }: Pick<SettingInfo, 'schema'>): readonly string[] | undefined {
  const { type, enum: words } = schema as Schema
  return type === 'boolean' ? ['yes', 'no'] : words
}

/** `learningRate` as a label: `Learning rate`; of `preference.beta` what stands before is kept. */
export function labelOf(name: string): string {
  const words = name.replaceAll('.', ' ').replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** What may be typed: `whole number, 1 to 4,096`. */
export const rangeOf = ({ schema }: Pick<SettingInfo, 'schema'>): string => rangeOfSchema(schema)

function rangeOfSchema(schema: Schema): string {
  const { type, anyOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  if (schema.enum !== undefined) return schema.enum.join(', ')
  if (schema.const !== undefined) return schema.const
  if (anyOf !== undefined) return anyOf.map(rangeOfSchema).join(', or ')
  if (type === 'boolean') return 'yes or no'
  if (type === 'array') return 'names with commas between'
  const isWhole = type === 'integer'
  const least =
    minimum !== undefined
      ? `from ${formatNumber(minimum)}`
      : exclusiveMinimum !== undefined
        ? `above ${formatNumber(exclusiveMinimum)}`
        : ''
  const most =
    maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
      ? `to ${formatCount(maximum)}`
      : exclusiveMaximum !== undefined
        ? `below ${formatNumber(exclusiveMaximum)}`
        : ''
  return [isWhole ? 'whole number' : 'number', [least, most].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(' ')
}

export type Parsed = { readonly value: unknown } | { readonly problem: string }

/** What was typed, as the API takes it, or why it cannot be that. */
export function parseSetting(text: string, { schema }: Pick<SettingInfo, 'schema'>): Parsed {
  return (
    parsed(text.trim(), schema) ?? {
      problem: `“${text}” is not a ${rangeOfSchema(schema)}`.replace('is not a names', 'are no names'),
    }
  )
}

function parsed(text: string, schema: Schema): { readonly value: unknown } | undefined {
  const { type, anyOf } = schema
  if (anyOf !== undefined) {
    for (const each of anyOf) {
      const found = parsed(text, each)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (schema.const !== undefined) return text === schema.const ? { value: text } : undefined
  if (schema.enum !== undefined) return schema.enum.includes(text) ? { value: text } : undefined
  if (type === 'boolean') {
    return text === 'yes' || text === 'no' ? { value: text === 'yes' } : undefined
  }
  if (type === 'array') {
    const names = text.split(/[\s,]+/).filter(Boolean)
    return names.length === 0 ? undefined : { value: names }
  }
  const value = Number(text)
  return text !== '' && isWithin(value, schema) ? { value } : undefined
}

function isWithin(value: number, schema: Schema): boolean {
  const { type, minimum = -Infinity, maximum = Infinity } = schema
  const { exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema
  const isNumber = type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)
  return (
    isNumber && value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum
  )
}

/** A resolved setting of a plan or job, by its name: `preference.beta`. */
export function settingAt(settings: Readonly<Record<string, unknown>>, name: string): unknown {
  let value: unknown = settings
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

/** Of any setting, to read: `q_proj, v_proj`, `off`. */
export function settingText(value: unknown): string {
  if (value === null || value === undefined) return 'off'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  // As it is typed: 1e-8.
  if (typeof value === 'number') return Math.abs(value) < 1e-4 ? String(value) : formatNumber(value, 6)
  if (Array.isArray(value)) return value.map(settingText).join(', ')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${labelOf(name).toLowerCase()} ${settingText(each)}`)
      .join(', ')
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}
