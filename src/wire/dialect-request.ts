import type { AnswerToken, Constraint } from '../core/chat-model.ts'
import type { Message, Tool, ToolCall } from '../core/example.ts'

/** What a request of any API asks a model for. */
export interface DialectRequest {
  readonly messages: readonly Message[]
  /** The answer goes on from the last message, which is the assistant's. */
  readonly continuesAnswer?: boolean
  readonly maxTokens: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly stop?: readonly string[]
  readonly tools?: readonly Tool[]
  readonly toolChoice?: ToolChoice
  /** One call at most. */
  readonly oneCall?: boolean
  /** Names of tools whose calls keep to their schema however they come about. */
  readonly strictTools?: readonly string[]
  /** What the answer must be. */
  readonly constraint?: Constraint
  /** With the same one, the same is drawn again. */
  readonly seed?: number
  /** Also tell the tokens of the answer, with so many of the likeliest at each place. */
  readonly likeliestTokens?: number
  /** The answer as the model writes it, also of one whose labels are decided by their probabilities. */
  readonly asWritten?: boolean
}

/** Whether tools may, must or must not be called; or the one that must. */
type ToolChoice = 'auto' | 'any' | 'none' | { readonly name: string }

/** Why an answer ended. */
export type DialectStop = 'end' | 'length' | 'stop-sequence' | 'tool-call'

interface DialectUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  /** Of the input: what was in a cache of prompts already, and what was put there. Absent where there was neither. */
  readonly cached?: { readonly read: number; readonly written: number }
}

/** A whole answer. */
export interface DialectAnswer {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  readonly stop: DialectStop
  /** The sequence at which it ended. */
  readonly stopSequence?: string
  readonly usage: DialectUsage
  /** Of the text, where they were asked for. */
  readonly tokens?: readonly AnswerToken[]
}

/** An answer as it comes: texts, then calls, then exactly one end. */
export type DialectPart =
  | { readonly type: 'text'; readonly text: string; readonly tokens?: readonly AnswerToken[] }
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | ({ readonly type: 'end' } & Pick<DialectAnswer, 'stop' | 'stopSequence' | 'usage'>)

/** A request's body that its API does not allow. */
export class BodyFault extends Error {
  override readonly name = 'BodyFault'
  /** JSON pointer (RFC 6901) of what is wrong, `''` for the whole. */
  readonly pointer: string
  /** The API's own name of what is wrong, where it has one. */
  readonly code: string | undefined

  constructor(pointer: string, message: string, code?: string) {
    super(message)
    this.pointer = pointer
    this.code = code
  }
}

/** How the bodies of one family of models are written, in both directions. */
export interface BodyCodec {
  readonly id: string
  /** @throws BodyFault */
  read(body: unknown): DialectRequest
  write(answer: DialectAnswer, context: AnswerContext): object
  /** The JSON of each event of a stream. */
  stream(parts: AsyncIterable<DialectPart>, context: AnswerContext): AsyncIterable<object>
}

export interface AnswerContext {
  /** Unique for the request. */
  readonly id: string
  /** As the client named the model. */
  readonly model: string
  /** Tokens of the prompt, which some bodies say at the start of a stream. */
  readonly inputTokens: () => number
  /** Milliseconds since the request came in. */
  readonly elapsed: () => number
}
