import type { SourceId } from './sources.ts'

/** A number that a service sets, and where it says so. */
export interface Limit {
  readonly value: number
  readonly source: SourceId
  /** What the page leaves open, such as a quota that can be raised, or that it was not read. */
  readonly note?: string
}

/** How a record is written. */
type RecordKind =
  /** `{"system"?, "messages": [{"role", "content": "text"}]}` */
  | 'messages'
  /** `{"prompt", "completion"}` */
  | 'prompt-completion'
  /** `{"schemaVersion", "system"?: [{"text"}], "messages": [{"role", "content": [block]}]}` */
  | 'converse'
  /** OpenAI's `{"messages": […], "tools"?, "parallel_tool_calls"?}` */
  | 'openai-chat'
  /** OpenAI's `{"input": {"messages"}, "preferred_output": [message], "non_preferred_output": [message]}` */
  | 'openai-preference'
  /** OpenAI's messages with the fields that a grader reads beside them. */
  | 'openai-reinforcement'

/** What a record must look like. */
export interface RecordShape {
  readonly kind: RecordKind
  readonly required: readonly string[]
  readonly optional: readonly string[]
  /** True where other keys at the top are allowed, as fields for a grader are. */
  readonly openKeys?: true
  /** Keys that a message may have. */
  readonly messageKeys: readonly string[]
  readonly roles: readonly string[]
  /** True where user and assistant must take turns. */
  readonly alternating: boolean
  readonly first?: string
  readonly last?: string
  readonly minimumMessages: number
  /** Whether a message's content is text, a list of blocks, or either. */
  readonly content: 'text' | 'blocks' | 'either'
  /** Values that `schemaVersion` may have, the usual one first; `any` where every text is taken. */
  readonly schemaVersions?: readonly string[] | 'any'
  readonly source: SourceId
}

/** Number of records of a job's files. */
interface RecordLimits {
  /** Of the training file, or of both files together where `minimumOf` says so. */
  readonly minimum?: Limit
  readonly training?: Limit
  readonly validation?: Limit
  /** Of both files together. */
  readonly total?: Limit
}

interface TokenLimits {
  /** Of a record's input and output together. */
  readonly record?: Limit
  /** Of the output alone. */
  readonly output?: Limit
  /** How tokens are estimated, since the model's tokenizer is not public. */
  readonly charactersPerToken: number
  /** Tokens that each message takes beside its text. Default 0. */
  readonly perMessage?: number
  /** Tokens that each record takes beside its messages. Default 0. */
  readonly perRecord?: number
  readonly estimate: SourceId
}

interface FileLimits {
  /** In bytes. */
  readonly training?: Limit
  readonly validation?: Limit
  /** Longest line, in bytes. */
  readonly line?: Limit
  /** Characters that the file's name may have, as the inside of a regular expression's class, and in words. */
  readonly nameCharacters?: { readonly class: string; readonly words: string; readonly source: SourceId }
  /** Absent where empty lines are skipped. */
  readonly blankLines?: 'refused'
  /** What the name must end with. */
  readonly nameEnd?: { readonly value: string; readonly source: SourceId }
}

/** Texts that make a job fail where they occur. */
interface ReservedTexts {
  readonly texts: readonly string[]
  readonly roles: readonly ('system' | 'user' | 'assistant')[]
  readonly source: SourceId
}

export interface MediaLimits {
  readonly imageFormats: readonly string[]
  readonly images?: Limit
  readonly videos?: Limit
  /** Largest picture in bytes. */
  readonly imageBytes?: Limit
  /** True where a file holds only one kind of media. */
  readonly oneKind?: boolean
  readonly source: SourceId
}

/** A number, or a word out of a list, that steers a job. */
export interface Hyperparameter {
  readonly name: string
  readonly type: 'integer' | 'number' | 'word'
  /** `undefined` where the service has none or does not say. */
  readonly default?: number | string
  /** What plans reckon with where the service chooses by itself. */
  readonly planned?: number
  readonly minimum?: number
  readonly maximum?: number
  /** Words that may be given, also instead of a number. */
  readonly words?: readonly string[]
  readonly meaning: string
}

/** Dates are `YYYY-MM-DD`; on that day the state begins. */
export interface Lifecycle {
  readonly launched?: string
  /** From this day no new fine-tuning job is taken. */
  readonly noNewJobs?: string
  /** The month, `YYYY-MM`, in which the page of bases no longer lists it; the day is not known. */
  readonly unlisted?: string
  readonly endOfLife?: string
  /** Profiles to use instead. */
  readonly successors: readonly string[]
  readonly source: SourceId
  readonly note?: string
}

export interface Price {
  readonly what: 'training' | 'input' | 'cached input' | 'output' | 'storage'
  /** US dollars. */
  readonly usd: number
  readonly per: 'million tokens' | 'hour' | 'model and month'
  /** When the page said so, `YYYY-MM`. */
  readonly date: string
  readonly source: SourceId
}

type ProfileMethod = 'supervised' | 'preference' | 'reinforcement' | 'distillation'

/** What one service demands of data and jobs for one base model. */
export interface Profile {
  /** `service:name`, as `--for` takes it. */
  readonly id: string
  readonly service: 'bedrock' | 'openai' | 'local'
  /** The model in words. */
  readonly title: string
  /** The service's own names of the base. */
  readonly modelIds: readonly string[]
  readonly method: ProfileMethod
  /** State of the rules, `YYYY-MM`. */
  readonly asOf: string
  readonly regions: readonly string[]
  readonly record: RecordShape
  readonly records: RecordLimits
  readonly tokens?: TokenLimits
  readonly files: FileLimits
  readonly reserved?: ReservedTexts
  /** Absent: records hold text only. */
  readonly media?: MediaLimits
  readonly hyperparameters: readonly Hyperparameter[]
  /** Absent where the service's page lists none for this base. */
  readonly hyperparameterSource?: SourceId
  readonly lifecycle: Lifecycle
  readonly prices: readonly Price[]
  /** What is not known, or holds for this base only; said in the docs. */
  readonly notes: readonly string[]
}
