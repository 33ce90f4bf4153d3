import type { JsonObject } from '../core/example.ts'
import type { JsonValue } from '../lib/canonical-json.ts'

/** What an answer says, or why it cannot be read. */
export type Reading = Readable | Unreadable

export interface Readable {
  readonly readable: true
  /** The label as declared, the JSON value, calls, spans or codes in canonical form, or the text without white space around it. */
  readonly read: string
  /** JSON tasks: the parsed value. */
  readonly value?: JsonValue
  /** Tool calls, in the order of the answer; none for an answer of text. */
  readonly calls?: readonly ReadCall[]
  /** Spans, in the order of the answer. */
  readonly spans?: readonly Span[]
  /** Codes without repeats, in the order of the answer. */
  readonly codes?: readonly string[]
}

export interface ReadCall {
  readonly name: string
  readonly arguments: JsonObject
}

/** A piece of the input with its label. */
export interface Span {
  readonly label: string
  /** The piece as written; empty where only its place is given. */
  readonly text: string
  /** Place in characters, the end not included; absent where only the text is given. */
  readonly start?: number
  readonly end?: number
}

export interface Unreadable {
  readonly readable: false
  /** A fixed phrase without words of the answer, so that answers can be counted by it. */
  readonly reason: string
}

export type AnswerReader = (answer: string) => Reading

export const unreadable = (reason: string): Unreadable => ({ readable: false, reason })
