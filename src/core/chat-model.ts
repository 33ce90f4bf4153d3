import type { Message, Tool, ToolCall } from './example.ts'

/** How the next token is chosen. Every field has the default that is written beside it. */
export interface SamplingOptions {
  /** 0 (default) is greedy. */
  readonly temperature?: number
  /** Keep the k likeliest tokens; 0 (default) keeps all. */
  readonly topK?: number
  /** Keep the smallest set of tokens whose probability reaches p; 1 (default) keeps all. */
  readonly topP?: number
  /** Two calls with the same seed, model and machine give the same text. Default 0. */
  readonly seed?: number
}

export interface ChatRequest extends SamplingOptions {
  readonly messages: readonly Message[]
  /** The functions that the model may call. Without any, an answer is text whatever it looks like. */
  readonly tools?: readonly Tool[]
  /** Upper bound of generated tokens. Default 256. */
  readonly maxTokens?: number
  /** Texts at which generation ends; they are not part of the answer. */
  readonly stop?: readonly string[]
  /** Also report the log-probability of each generated token. Default false. */
  readonly logProbabilities?: boolean
}

/** `tool-calls` where the model ended its answer and waits for results. */
export type FinishReason = 'stop' | 'length' | 'tool-calls'

export interface TokenUsage {
  /** Tokens of the rendered prompt, the shared prefix included. */
  readonly promptTokens: number
  /** Generated tokens, the end-of-turn token not counted. */
  readonly completionTokens: number
}

/** Parts of a streamed answer, in order: any number of `text-delta`, then of `tool-call`, then exactly one `finish`. */
export type ChatPart =
  | { readonly type: 'text-delta'; readonly text: string; readonly logProbabilities?: readonly number[] }
  /** The id is new. */
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | {
      readonly type: 'finish'
      readonly reason: FinishReason
      readonly usage: TokenUsage
      /** The text of `stop` at which the answer ended. */
      readonly stopSequence?: string
    }

export interface LabelScore {
  readonly label: string
  /** Natural logarithm of the probability of the label's whole token sequence, end of turn included. */
  readonly logProbability: number
  /** Share of this label among the given labels, sums to 1. */
  readonly probability: number
}

export interface WaitOptions {
  /** Aborting stops the generation and rejects with `signal.reason`. */
  readonly signal?: AbortSignal
}

export interface ChatOptions extends WaitOptions {
  /** Whoever asks has nothing else under way: this need not wait behind the many requests of others. Default false. */
  readonly ahead?: boolean
}

/** Bytes that a model takes in memory. */
export interface ModelMemory {
  /** Its own, such as those of its adapter. */
  readonly own: number
  /** What several models hold together, once, by a name. */
  readonly base: { readonly name: string; readonly bytes: number } | undefined
}

/** Something that answers conversations. Concurrent calls are allowed; an implementation may batch them. */
export interface ChatModel extends AsyncDisposable {
  readonly id: string
  /** How many calls are worth having under way at once. */
  readonly concurrency: number
  /** Of a model on this machine. */
  readonly memory?: ModelMemory
  /** False when it will never answer again. */
  readonly isAlive?: boolean
  chat(request: ChatRequest, options?: ChatOptions): AsyncIterable<ChatPart>
  /** Ranks a closed set of answers by the probability of their token sequences, likeliest first. */
  scoreLabels(
    messages: readonly Message[],
    labels: readonly string[],
    options?: WaitOptions,
  ): Promise<readonly LabelScore[]>
}
