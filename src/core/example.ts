export type Role = 'system' | 'user' | 'assistant'

export interface Message {
  readonly role: Role
  readonly content: string
}

/** One conversation to learn from: an optional system message, then user and assistant turns that alternate. */
export interface Example {
  /** Stable name of the record in reports and errors, `file:line` for records of a file. */
  readonly id: string
  readonly messages: readonly Message[]
}
