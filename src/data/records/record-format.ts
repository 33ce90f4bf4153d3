import type { Example, JsonObject } from '../../core/example.ts'
import type { RecordDraft } from './record-draft.ts'

/** What an example can hold, and a format perhaps not. */
export const features = {
  system: 'system prompt',
  turns: 'several turns',
  parts: 'texts in parts',
  images: 'images',
  media: 'other media',
  tools: 'tools',
  calls: 'tool calls',
  'call-ids': 'ids of calls',
  failed: 'failed calls',
  parallel: 'parallel_tool_calls',
  names: 'names of speakers',
  'turn-weights': 'weights of turns',
  rejected: 'rejected answer',
  weight: 'weight',
  label: 'label',
  metadata: 'metadata',
} as const

export type Feature = keyof typeof features

/** Reports that a format cannot hold something of an example; the message says what exactly. */
export type Lose = (what: Feature, message: string) => void

/**
 * One way to write a conversation as a JSON object, both directions. A new format is one file in `formats/` and a line in
 * `record-formats.ts`.
 */
export interface RecordFormat {
  readonly id: string
  /** The form in one line, for messages and docs. */
  readonly form: string
  /** Who reads and writes it, a few words for docs. */
  readonly usedBy: string
  /** All of these keys tell a record of this format. */
  readonly requiredKeys: readonly string[]
  /** These keys are read when they are there. */
  readonly optionalKeys: readonly string[]
  /** What a record of it can hold beside one question and its answer. */
  readonly holds: readonly Feature[]
  /** Where the keys are not enough: whether a record that has them is of this format. */
  readonly fits?: (record: JsonObject) => boolean
  /** Where the label and the weight of a record stand; default: under their own names. */
  readonly common?: { readonly label: string | undefined; readonly weight: string | undefined }
  /** Puts what the record says into the draft. Whatever cannot be read is reported to it. */
  read(record: JsonObject, draft: RecordDraft): void
  /**
   * The record of an example that has only what this format holds (`withoutLosses`). What else cannot be held is given to
   * `lose`; `undefined` when nothing sensible is left.
   */
  write(example: Example, lose: Lose): JsonObject | undefined
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** False for a key that says nothing: absent, `null` or an empty list. */
export const isMeaningful = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)

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
