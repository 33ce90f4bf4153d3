export type Role = 'system' | 'user' | 'assistant' | 'tool'

/** A JSON object as it was parsed. */
export type JsonObject = Readonly<Record<string, unknown>>

/** A picture, film, sound or document that a message refers to; the bytes stay where they are. */
export interface Media {
  readonly type: 'media'
  /** IANA media type, such as `image/png`; `image/*` where only the kind is known. */
  readonly mediaType: string
  /** `https:`, `s3:` or `data:` URL, or the id of a file at a service as `file:ID`. */
  readonly uri: string
}

/** One part of a message that is more than one text. */
export type Part = { readonly type: 'text'; readonly text: string } | Media

/** A function that the model may call. */
export interface Tool {
  readonly name: string
  readonly description?: string
  /** JSON Schema of its arguments. */
  readonly parameters?: JsonObject
}

/** A call that the model makes. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: JsonObject
}

export interface Message {
  readonly role: Role
  /** The text; of a message with several parts, their texts in order, joined by nothing. */
  readonly content: string
  /** Texts and media in order, where the message is more than one text. */
  readonly parts?: readonly Part[]
  /** Of an assistant message: the calls it makes after its text. */
  readonly toolCalls?: readonly ToolCall[]
  /** Of a tool message: the call that it answers. */
  readonly toolCallId?: string
  /** Of a tool message: true where the call failed. */
  readonly failed?: boolean
  /** Name of the speaker, where several share a role. */
  readonly name?: string
}

/**
 * One conversation to learn from: an optional system message, then user and assistant turns that alternate; a call of a
 * tool is followed by one tool message for each result.
 */
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
  /** The functions that the model may call in this conversation. */
  readonly tools?: readonly Tool[]
  /** Whether it may call several at once; default: not said. */
  readonly parallelToolCalls?: boolean
  /** The class of the record, where it stands beside the conversation. */
  readonly label?: string
  /** What else the record says about itself, such as the patient that it must be grouped by. Never trained. */
  readonly metadata?: JsonObject
}
