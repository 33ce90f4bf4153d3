import type { RoundingEffect } from './arithmetic.ts'
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

/** What an answer must be. It is kept at every token, whatever the model would rather write. */
export type Constraint =
  /** JSON that the schema accepts; `docs/constrained.md` says which schemas can be kept. */
  | { readonly type: 'json-schema'; readonly schema: unknown }
  | { readonly type: 'json-object' }
  /** The whole answer matches, as if between `^` and `$`. */
  | { readonly type: 'regex'; readonly pattern: string }
  /** One of these, as it stands. */
  | { readonly type: 'choice'; readonly choices: readonly string[] }

/** Whether an answer calls tools: as the model likes, never, at least one, or the named one. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string }

export interface ChatRequest extends SamplingOptions {
  readonly messages: readonly Message[]
  /** The last message, the assistant's, is the beginning of the answer; what is given is how it goes on. Default false. */
  readonly continuesAnswer?: boolean
  /** The functions that the model may call. Without any, an answer is text whatever it looks like. */
  readonly tools?: readonly Tool[]
  /** Default `auto`. */
  readonly toolChoice?: ToolChoice
  /** One call and no more, wherever there is any. Default false; a named tool is called once in any case. */
  readonly oneCall?: boolean
  /** Names of tools whose schema is kept to also where the model is free to call them. Default: none. */
  readonly strictTools?: readonly string[]
  /** Default: none. An answer that reaches `maxTokens` first is cut, with reason `length`. */
  readonly constraint?: Constraint
  /** Upper bound of generated tokens. Default 256. */
  readonly maxTokens?: number
  /** Texts at which generation ends; they are not part of the answer. */
  readonly stop?: readonly string[]
  /** Also report the log-probability of each generated token. Default false. */
  readonly logProbabilities?: boolean
  /** Also report each generated token with so many of the likeliest ones at its place. Default: none are reported. */
  readonly likeliestTokens?: number
  /** The answer as the model writes it, also of a model whose labels are decided by their probabilities. Default false. */
  readonly asWritten?: boolean
}

/** A token and what the model thought of it, before temperature and cuts. */
export interface TokenLogProbability {
  /** What it stands for in UTF-8; it may be part of a character. */
  readonly bytes: readonly number[]
  readonly logProbability: number
}

/** A generated token. */
export interface AnswerToken extends TokenLogProbability {
  /** The likeliest tokens at its place, likeliest first. */
  readonly likeliest: readonly TokenLogProbability[]
}

/** `tool-calls` where the model ended its answer and waits for results. */
export type FinishReason = 'stop' | 'length' | 'tool-calls'

export interface TokenUsage {
  /** Tokens of the rendered prompt, the shared prefix included. */
  readonly promptTokens: number
  /** Generated tokens, the end-of-turn token not counted. */
  readonly completionTokens: number
  /** What a cache of prompts did for this one; absent where it did nothing. */
  readonly cache?: PromptCacheUse
}

/** Prompt tokens of one request that a cache was used for; the others were read and not kept. */
export interface PromptCacheUse {
  /** Tokens whose keys and values were there already. */
  readonly readTokens: number
  /** Tokens that were read for this request and are kept for those to come. */
  readonly writtenTokens: number
}

/** Parts of a streamed answer, in order: any number of `text-delta`, then of `tool-call`, then exactly one `finish`. */
export type ChatPart =
  | {
      readonly type: 'text-delta'
      readonly text: string
      readonly logProbabilities?: readonly number[]
      readonly tokens?: readonly AnswerToken[]
    }
  /** The id is new. */
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | {
      readonly type: 'finish'
      readonly reason: FinishReason
      readonly usage: TokenUsage
      /** The text of `stop` at which the answer ended. */
      readonly stopSequence?: string
      /** Of a model whose labels are decided by their probabilities: how this one was. */
      readonly decided?: DecidedLabel
    }

export interface LabelScore {
  readonly label: string
  /** Natural logarithm of the probability of the label's whole token sequence, end of turn included. */
  readonly logProbability: number
  /** Share of this label among the given labels, sums to 1. */
  readonly probability: number
}

/** An answer that the probabilities of all labels decided. */
export interface DecidedLabel {
  readonly label: string
  /** That the model gives it, before any correction. */
  readonly probability: number
  /** Which label had been the likeliest without the correction. */
  readonly likeliest: string
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
  /**
   * What `int8` changes in its base, where it was asked for: null where it is computed exactly all the same, because its weights do
   * not have four or eight bits, or a graphics card computes.
   */
  readonly rounding?: RoundingEffect | null
  /** False when an answer comes whole, so that its first token is not seen. */
  readonly streams?: boolean
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
