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
  /** How much the record counts in the loss; default 1. */
  readonly weight?: number
  /** One flag an assistant message: false where it is not to be learned. Default: all are. */
  readonly learned?: readonly boolean[]
  /** Of a preference pair: the answer that the last message is preferred to. */
  readonly rejected?: string
}
