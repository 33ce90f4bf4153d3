import { HoneError } from '../../core/errors.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { excerpt } from '../excerpt.ts'
import { isJsonObject } from '../records/record-format.ts'

/** Keys under which records hold lists or objects; a cell with JSON text of one is read as that. */
const structured = new Set([
  'messages',
  'conversations',
  'contents',
  'tools',
  'functions',
  'metadata',
  'system',
  'systemInstruction',
  'toolConfig',
  'history',
  'prompt',
  'input',
  'completion',
  'chosen',
  'rejected',
  'preferred_output',
  'non_preferred_output',
])
/** Keys whose text stays text, unless it is a list of messages. */
const usuallyText = new Set(['system', 'prompt', 'input', 'completion', 'chosen', 'rejected'])

/** The names in a table's first row. */
export function columnNames(cells: readonly unknown[], location: string): string[] {
  const names = cells.map((cell, at) =>
    (typeof cell === 'string' || typeof cell === 'number') && String(cell).trim() !== ''
      ? String(cell).trim()
      : `column ${at + 1}`,
  )
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) {
    throw new HoneError('E_DATA', `two columns are called ${excerpt(twice)}`, {
      at: { file: location, line: 1 },
      hint: 'the first row must name each column once',
    })
  }
  return names
}

/**
 * Cells under their names, empty ones as null. Texts, numbers and truth values become text, but for the weight; JSON text
 * becomes what it says where a record has a list or an object.
 */
export function rowRecord(names: readonly string[], cells: readonly unknown[]): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? ''
    const value = cells[at]
    define(
      record,
      name,
      value === undefined || value === null || value === '' ? null : cellValue(name, value),
    )
  }
  return record
}

function cellValue(name: string, value: unknown): unknown {
  if (typeof value === 'string') return textValue(name, value)
  if (typeof value === 'number') return name === 'weight' ? value : String(value)
  if (typeof value === 'boolean') return name === 'parallel_tool_calls' ? value : String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  return value
}

function textValue(name: string, value: string): unknown {
  if (name === 'weight') {
    const weight = Number(value)
    return Number.isNaN(weight) ? value : weight
  }
  if (name === 'parallel_tool_calls') return value.toLowerCase() === 'true'
  return structured.has(name) && /^\s*[[{]/.test(value) ? structuredValue(name, value) : value
}

function structuredValue(name: string, text: string): unknown {
  try {
    const value: unknown = parseJson(text)
    if (typeof value !== 'object' || value === null) return text
    if (!usuallyText.has(name)) return value
    const first: unknown = Array.isArray(value) ? value[0] : value
    const isMessage =
      isJsonObject(first) && ('role' in first || 'type' in first || 'text' in first || 'messages' in first)
    // A list of turns in pairs is `history`; any other JSON is a text that somebody asks about.
    return isMessage ? value : text
  } catch {
    return text
  }
}

/** Sets a property also where the name is that of a part of every object, such as `__proto__`. */
export function define(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true })
  } else record[name] = value
}
