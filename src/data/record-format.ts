import type { JsonObject, Role } from '../core/example.ts'
import type { Report } from './reading-rules.ts'

/** A message of a record with the JSON pointers of its parts. */
export interface Turn {
  readonly role: Role
  readonly content: string
  readonly roleAt: string
  readonly contentAt: string
  /** Of an assistant turn: false where it is context, and not to be learned. Default true. */
  readonly learned?: boolean
}

/** One way to write a conversation as a JSON object. A new format is one file in `formats/` and a line in `record-formats.ts`. */
export interface RecordFormat {
  readonly id: string
  /** The form in one line, for messages and docs. */
  readonly form: string
  /** All of these keys tell a record of this format. */
  readonly requiredKeys: readonly string[]
  /** These keys are read when they are there. */
  readonly optionalKeys: readonly string[]
  /** The turns as written. Whatever cannot be read is reported, and the turn left out. */
  read(record: JsonObject, report: Report): Turn[]
  /** Of a preference pair: the answer that the last turn is preferred to. `undefined` when it was reported. */
  readonly rejected?: (record: JsonObject, report: Report) => string | undefined
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A turn that is one text field of the record. */
export function fieldTurn(record: JsonObject, key: string, role: Role, report: Report): Turn[] {
  const pointer = `/${key}`
  const content = textAt(record[key], pointer, report)
  return content === undefined ? [] : [{ role, content, roleAt: pointer, contentAt: pointer }]
}

/** The `system` field, where there is one; `null` counts as none. */
export function systemTurn(record: JsonObject, report: Report): Turn[] {
  const absent = record['system'] === undefined || record['system'] === null
  return absent ? [] : fieldTurn(record, 'system', 'system', report)
}

/** The text of a content field, checked by itself; `undefined` when it was reported. */
export function textAt(value: unknown, pointer: string, report: Report): string | undefined {
  if (typeof value !== 'string') {
    report('content/not-text', pointer, `the content must be text, this is ${kindOf(value)}`)
    return undefined
  }
  if (value.trim() === '') report('content/empty', pointer, 'the content is empty')
  if (/\p{Surrogate}/u.test(value)) {
    report(
      'content/ill-formed',
      pointer,
      'the text holds half of a surrogate pair (\\ud800 to \\udfff alone)',
    )
  }
  return value
}

/** A JSON value's kind in words, for messages. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A key as a part of a JSON pointer (RFC 6901, section 3). */
export function pointerPart(key: string): string {
  return key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')
}
