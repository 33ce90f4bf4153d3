import type { Example, JsonObject, Message } from '../core/example.ts'
import { checkTurns } from './turn-rules.ts'
import { isJsonObject, kindOf, pointerPart } from './record-format.ts'
import { detectFormat, recordFormats } from './record-formats.ts'
import { readingRules, type Report } from './reading-rules.ts'
import { excerpt, visible } from './excerpt.ts'

export interface ReadRecord extends Pick<Example, 'weight' | 'learned' | 'rejected'> {
  /** `undefined` when an error was reported. */
  readonly messages: readonly Message[] | undefined
  /** Id of the detected format. */
  readonly format?: string
  /** The record as it was parsed, where it is an object. */
  readonly record?: JsonObject
}

/** Keys beside the conversation that change what should be learned. */
const meaningfulKeys = ['tools', 'functions', 'tool_choice', 'function_call']

/** Reads one line of a JSONL file: JSON, then the detected format, then the rules for turns. Reports, never throws. */
export function readRecord(text: string, report: Report): ReadRecord {
  let refused = false
  let turnsComplete = true
  const noting: Report = (id, pointer, message, hint) => {
    if (readingRules[id].severity === 'error') {
      refused = true
      turnsComplete &&= id === 'content/empty' || id === 'content/ill-formed'
    }
    report(id, pointer, message, hint)
  }
  const record = parseLine(text, noting)
  if (record === undefined) return { messages: undefined }
  if (!isJsonObject(record)) {
    noting('record/not-object', '', `a record must be an object, this is ${kindOf(record)}`)
    return { messages: undefined }
  }
  const format = detectFormat(record)
  if (format === undefined) {
    const keys = Object.keys(record)
    const named =
      keys.length === 0
        ? 'no keys'
        : `the keys ${keys
            .slice(0, 6)
            .map((key) => excerpt(key))
            .join(', ')}`
    noting(
      'record/unknown-format',
      '',
      `no known form has ${named}`,
      `write records as one of ${recordFormats.map(({ form }) => form).join(' or ')}`,
    )
    return { messages: undefined, record }
  }
  reportOtherKeys(record, [...format.requiredKeys, ...format.optionalKeys, 'weight'], noting)
  const turns = format.read(record, noting)
  // Where a turn could not be read, the order of the others would be a second finding for one mistake.
  if (turnsComplete) checkTurns(turns, noting)
  const weight = readWeight(record, noting)
  const rejected = format.rejected?.(record, noting)
  if (rejected !== undefined && rejected === turns.at(-1)?.content) {
    noting('record/same-answers', '', 'the preferred answer and the other one are the same')
  }
  const learned = turns.filter(({ role }) => role === 'assistant').map((turn) => turn.learned ?? true)
  if (learned.length > 0 && !learned.includes(true)) {
    noting('record/weight', '/messages', 'every answer has the weight 0: nothing would be learned')
  }
  return {
    messages: refused ? undefined : turns.map(({ role, content }) => ({ role, content })),
    format: format.id,
    record,
    ...(weight === 1 ? {} : { weight }),
    ...(learned.every(Boolean) ? {} : { learned }),
    ...(rejected === undefined ? {} : { rejected }),
  }
}

const largestWeight = 1000

/** The `weight` of the record: how much it counts in the loss. */
function readWeight({ weight = 1 }: JsonObject, report: Report): number {
  if (typeof weight === 'number' && weight > 0 && weight <= largestWeight) return weight
  const given = typeof weight === 'number' ? weight : kindOf(weight)
  report(
    'record/weight',
    '/weight',
    `the weight must be a number above 0, up to ${largestWeight}; this is ${given}`,
    'leave out records that should not count',
  )
  return 1
}

function reportOtherKeys(record: object, read: readonly string[], report: Report): void {
  for (const [key, value] of Object.entries(record)) {
    if (read.includes(key)) continue
    const empty = value === null || (Array.isArray(value) && value.length === 0)
    if (meaningfulKeys.includes(key) && !empty) {
      report('record/unsupported', `/${key}`, `"${key}" cannot be trained`)
    } else {
      report('record/ignored-key', `/${pointerPart(key)}`, `${excerpt(key)} is not read`)
    }
  }
}

function parseLine(text: string, report: Report): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch (error) {
    report('json/syntax', '', `not JSON: ${syntaxReason(error, text)}`, 'mend the line or remove it')
    return undefined
  }
}

/** What `JSON.parse` says, without its quotation of the whole line, with a column instead of an offset. */
function syntaxReason(error: unknown, text: string): string {
  const said = error instanceof Error ? error.message : String(error)
  const position = /at position (\d+)/.exec(said)?.[1]
  if (/Unexpected end|Unterminated/.test(said) || Number(position) >= text.length) {
    return `unexpected end of line after ${visible(text.slice(-24))}`
  }
  const reason = said.replace(/(?: in JSON at|, "|, \.\.\.")[^]*$/, '')
  return position === undefined ? visible(reason) : `${visible(reason)} at column ${Number(position) + 1}`
}
