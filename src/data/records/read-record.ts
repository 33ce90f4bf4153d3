import type { Example, JsonObject, Message } from '../../core/example.ts'
import { parseJson, TooDeep } from '../../lib/parse-json.ts'
import { excerpt, visible } from '../excerpt.ts'
import { digitsLost, losesDigits } from './loses-digits.ts'
import { RecordDraft } from './record-draft.ts'
import { isJsonObject, isMeaningful, kindOf, pointerPart, type RecordFormat } from './record-format.ts'
import { detectFormat, recordFormats } from './record-formats.ts'
import type { Report } from './reading-rules.ts'
import { checkTurns } from './turn-rules.ts'

export interface ReadRecord extends Omit<Example, 'id' | 'messages'> {
  /** `undefined` when an error was reported. */
  readonly messages: readonly Message[] | undefined
  /** Id of the detected format. */
  readonly format?: string
}

export interface ReadRecordOptions {
  /** False where media are read too. Default true: they are refused, because only text is trained. */
  readonly textOnly?: boolean
  /** Default: told by the record. */
  readonly format?: RecordFormat | undefined
}

/** Keys beside the conversation that change what should be learned. */
const meaningfulKeys = new Set(['tools', 'functions', 'tool_choice', 'function_call'])
/** Read from every record, whatever its format. */
const commonKeys = new Set(['weight', 'label', 'metadata'])

/** The value of a JSON text; `undefined` when it was reported. */
export function parseRecord(text: string, report: Report): unknown {
  try {
    const value: unknown = parseJson(text)
    if (losesDigits(text)) report('record/ignored-key', '', digitsLost)
    return value
  } catch (error) {
    report('json/syntax', '', syntaxFault(error, text), 'mend the line or remove it')
    return undefined
  }
}

/** Reads a parsed record: the detected format, then the rules for turns. Reports, never throws. */
export function readParsedRecord(
  record: unknown,
  report: Report,
  options: ReadRecordOptions = {},
): ReadRecord {
  if (!isJsonObject(record)) {
    report('record/not-object', '', `a record must be an object, this is ${kindOf(record)}`)
    return { messages: undefined }
  }
  const format = options.format ?? detectFormat(record)
  if (format === undefined) {
    reportUnknown(record, report)
    return { messages: undefined }
  }
  const draft = readDraft(record, format, report, options.textOnly ?? true)
  const { id: _, messages, ...rest } = toExample(draft, '')
  return { messages: draft.refused ? undefined : messages, format: format.id, ...rest }
}

/** What a record says, with all that is wrong reported and `refused` set where it cannot be used. */
export function readDraft(
  record: JsonObject,
  format: RecordFormat,
  report: Report,
  textOnly: boolean,
): RecordDraft {
  const draft = new RecordDraft(report, textOnly)
  reportOtherKeys(record, format, draft)
  format.read(record, draft)
  // Where a turn could not be read, the order of the others would be a second finding for one mistake.
  if (draft.complete) checkTurns(draft)
  const { common = usualPlaces } = format
  draft.weight = readWeight(record, common.weight, draft)
  draft.label = readLabel(record, common.label, draft)
  if (common === usualPlaces) draft.metadata = readMetadata(record, draft)
  const { messages, learned, rejected } = draft
  if (rejected !== undefined && rejected === messages.at(-1)?.content) {
    draft.report('record/same-answers', '', 'the preferred answer and the other one are the same')
  }
  if (learned.length > 0 && !learned.includes(true)) {
    draft.report('record/weight', '/messages', 'every answer has the weight 0: nothing would be learned')
  }
  return draft
}

/** The example of a draft without an error. */
export function toExample(draft: RecordDraft, id: string): Example {
  const example: { -readonly [Key in keyof Example]: Example[Key] } = { id, messages: draft.messages }
  if (draft.weight !== 1) example.weight = draft.weight
  if (draft.learned.includes(false)) example.learned = draft.learned
  if (draft.rejected !== undefined) example.rejected = draft.rejected
  if (draft.tools !== undefined) example.tools = draft.tools
  if (draft.parallelToolCalls !== undefined) example.parallelToolCalls = draft.parallelToolCalls
  if (draft.label !== undefined) example.label = draft.label
  if (draft.metadata !== undefined) example.metadata = draft.metadata
  return example
}

const usualPlaces = { label: 'label', weight: 'weight' } as const
const largestWeight = 1000

/** The `weight` of the record: how much it counts in the loss. */
function readWeight(record: JsonObject, key: string | undefined, draft: RecordDraft): number {
  const weight = key === undefined ? undefined : record[key]
  if (weight === undefined || weight === null || weight === '') return 1
  if (typeof weight === 'number' && weight > 0 && weight <= largestWeight) return weight
  const given = typeof weight === 'number' ? weight : kindOf(weight)
  draft.report(
    'record/weight',
    `/${pointerPart(key ?? '')}`,
    `the weight must be a number above 0, up to ${largestWeight}; this is ${given}`,
    'leave out records that should not count',
  )
  return 1
}

function readLabel(record: JsonObject, key: string | undefined, draft: RecordDraft): string | undefined {
  const label = key === undefined ? undefined : record[key]
  if (key === undefined || label === undefined || label === null) return undefined
  const pointer = `/${pointerPart(key)}`
  if (typeof label === 'string' || typeof label === 'number') return String(label)
  if (typeof label === 'boolean') {
    draft.report(
      'record/unsupported',
      pointer,
      'true and false mark good and bad answers: an unpaired preference cannot be held',
      'keep the records that are true, without this key',
    )
  } else draft.report('record/label', pointer, `the label is ${kindOf(label)}, not a text`)
  return undefined
}

function readMetadata({ metadata }: JsonObject, draft: RecordDraft): JsonObject | undefined {
  if (metadata === undefined || metadata === null) return undefined
  if (isJsonObject(metadata)) return metadata
  draft.report('record/ignored-key', '/metadata', `"metadata" is ${kindOf(metadata)} and is not read`)
  return undefined
}

/** Says which keys a record without a known form has, and what forms there are. */
export function reportUnknown(record: JsonObject, report: Report): void {
  const keys = Object.keys(record)
  const named =
    keys.length === 0
      ? 'no keys'
      : `the keys ${keys
          .slice(0, 6)
          .map((key) => excerpt(key))
          .join(', ')}`
  report(
    'record/unknown-format',
    '',
    `no known form has ${named}`,
    `write records as ${recordFormats.at(-1)?.form ?? ''}, or name the keys: hone data import FILE --map user=…,assistant=…`,
  )
}

function reportOtherKeys(record: JsonObject, format: RecordFormat, draft: RecordDraft): void {
  const { requiredKeys, optionalKeys } = format
  for (const key in record) {
    if (requiredKeys.includes(key) || optionalKeys.includes(key)) continue
    if (format.common === undefined && commonKeys.has(key)) continue
    if (meaningfulKeys.has(key) && isMeaningful(record[key])) {
      if (key === 'tool_choice') ignored(key, draft)
      else draft.report('record/unsupported', `/${key}`, `"${key}" cannot be held`)
    } else ignored(key, draft)
  }
}

function ignored(key: string, draft: RecordDraft): void {
  draft.report('record/ignored-key', `/${pointerPart(key)}`, `${excerpt(key)} is not read`)
}

/** What `parseJson` says, without its quotation of the whole line, with a column instead of an offset. */
export function syntaxFault(error: unknown, text: string): string {
  const said = error instanceof Error ? error.message : String(error)
  if (error instanceof TooDeep) return said
  const position = /at position (\d+)/.exec(said)?.[1]
  if (/Unexpected end|Unterminated/.test(said) || Number(position) >= text.length) {
    return `not JSON: unexpected end of line after ${visible(text.slice(-24))}`
  }
  const reason = visible(said.replace(/(?: in JSON at|, "|, \.\.\.")[^]*$/, ''))
  return `not JSON: ${reason}${position === undefined ? '' : ` at column ${Number(position) + 1}`}`
}
