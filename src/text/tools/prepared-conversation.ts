import type { Message, Tool } from '../../core/example.ts'

/** A message, and its number in the conversation that it is from. */
export interface PlacedMessage {
  readonly message: Message
  readonly origin: number
}

/** A conversation as the template is given it. */
export interface PreparedConversation {
  readonly messages: readonly Message[]
  /** For the template's own section; `undefined` where it has none, or there are none. */
  readonly tools: readonly Tool[] | undefined
  /** Of each message: which one of the conversation it is, for errors. */
  readonly origins: readonly number[]
}
