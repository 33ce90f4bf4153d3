import type { JsonValue } from '../lib/canonical-json.ts'

/** What an answer says, or why it cannot be read. */
export type Reading = Readable | Unreadable

export interface Readable {
  readonly readable: true
  /** The label as declared, the JSON value in canonical form, or the text without white space around it. */
  readonly read: string
  /** JSON tasks: the parsed value. */
  readonly value?: JsonValue
}

export interface Unreadable {
  readonly readable: false
  /** A fixed phrase without words of the answer, so that answers can be counted by it. */
  readonly reason: string
}

export type AnswerReader = (answer: string) => Reading

export const unreadable = (reason: string): Unreadable => ({ readable: false, reason })
