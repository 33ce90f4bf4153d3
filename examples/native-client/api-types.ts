// Made from the OpenAPI document by scripts/generate-api-client.ts. Do not change it by hand.

export type AskSamples = { readonly samples?: number | undefined }

export type Attention = {
  readonly what: 'job-failed' | 'run-interrupted' | 'model-broken' | 'not-promoted'
  /** of the job or model */ readonly id: string
  readonly message: string
  readonly hint?: string | undefined
}

export type BaseModel = {
  readonly id: string
  readonly bytes: number
  /** RFC 3339, UTC */ readonly createdAt: string
  readonly kind: 'base'
  readonly architecture: string
  readonly parameters: number
  /** tokens */ readonly contextLength: number
  readonly licence: string | null
  readonly source: string
}

export type BrokenModel = {
  readonly id: string
  readonly bytes: number
  readonly kind: 'broken'
  readonly problem: string
}

export type Chat = {
  /** id of a base or tuned model of the home */ readonly model: string
  readonly messages: readonly Message[]
  readonly tools?: readonly Tool[] | undefined
  readonly maxTokens?: number | undefined
  /** 0, the default, is greedy */ readonly temperature?: number | undefined
  readonly topK?: number | undefined
  readonly topP?: number | undefined
  readonly seed?: number | undefined
  readonly stop?: readonly string[] | undefined
  readonly logProbabilities?: boolean | undefined
}

export type ChatFinish = {
  readonly reason: 'stop' | 'length' | 'tool-calls'
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number }
  readonly stopSequence?: string | undefined
  readonly milliseconds: { readonly firstToken: number | null; readonly total: number }
}

export type DoctorReport = {
  readonly schema: 1
  /** true when nothing is missing */ readonly usable: boolean
  readonly hone: string
  readonly home: string
  readonly checks: readonly {
    readonly name: string
    readonly status: 'ok' | 'warn' | 'missing'
    readonly found: string
    readonly fix?: string | undefined
  }[]
}

export type Error = {
  /** stable; docs/errors.md explains each */ readonly code: string
  readonly message: string
  readonly at: Place
  /** what to do about it */ readonly hint?: string | undefined
}

export type GateState = {
  readonly verdict: 'promoted' | 'not promoted' | 'not enough data'
  /** RFC 3339, UTC */ readonly at: string
  readonly candidate: string
  readonly baseline: string
  readonly rules: readonly ({
    readonly rule: string
    readonly outcome: 'pass' | 'fail' | 'not enough data'
  } & Readonly<Record<string, unknown>>)[]
  readonly evidence: readonly {
    readonly set: string
    readonly file: string
    readonly sha256: string
    readonly rows: number
  }[]
}

export type Job = {
  readonly id: string
  readonly name: string
  /** `command-line` for a run of `hone train` or `hone run` on the same home */ readonly startedBy:
    | 'server'
    | 'command-line'
  /** user of the key that started it */ readonly owner: string | null
  readonly state:
    | 'queued'
    | 'running'
    | 'pausing'
    | 'paused'
    | 'stopping'
    | 'succeeded'
    | 'failed'
    | 'stopped'
  readonly phase: 'waiting' | 'validation' | 'processing' | 'training' | 'ended'
  /** id of the model that comes of it */ readonly model: string
  readonly base: string
  /** null where only the examples are known, not where they came from */ readonly data: {
    readonly training: string
    readonly validation: readonly string[]
  } | null
  readonly step: number
  /** 0 as long as it is not known */ readonly steps: number
  readonly trainingLoss: number | null
  /** the best one so far */ readonly validationLoss: number | null
  readonly secondsLeft: number | null
  /** RFC 3339, UTC */ readonly createdAt: string
  /** RFC 3339, UTC */ readonly updatedAt: string
  readonly endedAt: string | null
  /** why it failed, and what to do */ readonly failure: {
    readonly code: string
    readonly message: string
  } | null
  readonly canStop: boolean
  readonly canPause: boolean
  readonly canResume: boolean
}

export type JobDetails = {
  readonly job: Job
  /** everything that decides what is computed; null before training has begun */ readonly settings: Readonly<
    Record<string, unknown>
  > | null
  /** null before training has begun */ readonly examples: {
    readonly training: number
    readonly validation: number
  } | null
  readonly environment: Readonly<Record<string, unknown>> | null
  readonly phases: readonly {
    readonly name: 'validation' | 'processing' | 'training'
    readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped'
    readonly from: string | null
    readonly changed: string | null
  }[]
  /** models of the last epochs, which answer whatever becomes of the run */ readonly checkpoints: readonly {
    readonly model: string
    readonly step: number
    readonly epoch: number
    readonly loss: number
    readonly validationLoss: number | null
  }[]
  /** how many workers have taken it up */ readonly attempts: number
}

export type JobEvents = { readonly events: readonly TrainingEvent[]; readonly next: string | null }

export type JobList = {
  readonly jobs: readonly Job[]
  /** `after` of the next page */ readonly next: string | null
}

export type JobMetrics = {
  readonly steps: {
    readonly step: readonly number[]
    readonly epoch: readonly number[]
    readonly loss: readonly number[]
    /** exponential moving average with weight 0.9, corrected for its beginning */ readonly smoothedLoss: readonly number[]
    readonly learningRate: readonly number[]
    readonly gradientNorm: readonly number[]
    readonly examplesPerSecond: readonly number[]
    readonly tokensPerSecond: readonly number[]
    readonly memoryBytes: readonly number[]
    readonly rewardMargin: readonly (number | null)[]
    readonly rewardAccuracy: readonly (number | null)[]
  }
  readonly validations: {
    readonly step: readonly number[]
    readonly loss: readonly number[]
    readonly rewardMargin: readonly (number | null)[]
    readonly rewardAccuracy: readonly (number | null)[]
  }
  readonly best: { readonly step: number; readonly loss: number } | null
  readonly checkpoints: readonly number[]
  readonly earlyStop: { readonly step: number; readonly bestStep: number } | null
  /** steps from which the run went on after an interruption */ readonly resumes: readonly number[]
  /** steps that were left out to keep to `points` count here */ readonly totalSteps: number
}

export type JobSamples = {
  /** the base, then the models of the last epochs, then the tuned model */ readonly models: readonly string[]
  readonly samples: readonly {
    /** of the record */ readonly id: string
    readonly split: 'validation' | 'training'
    readonly messages: readonly { readonly role: string; readonly content: string }[]
    readonly expected: string
    /** one for each model, in order */ readonly answers: readonly string[]
  }[]
}

export type Lineage = {
  readonly dataset: {
    /** dataset version and part; null for a file */ readonly id: string | null
    readonly training: { readonly examples: number; readonly sha256: string }
    readonly validation: { readonly examples: number; readonly sha256: string } | null
  } | null
  /** id of the job that made it */ readonly job: string | null
  readonly base: { readonly id: string; readonly weights: string | null } | null
  /** the tuned model whose training was continued */ readonly start: {
    readonly model: string
    readonly weights: string
  } | null
  readonly settings: Readonly<Record<string, unknown>> | null
  readonly environment: Readonly<Record<string, unknown>> | null
  readonly evaluations: readonly { readonly set: string; readonly file: string; readonly rows: number }[]
  readonly gate: GateState | null
}

export type Message = {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  readonly toolCalls?:
    | readonly {
        readonly id: string
        readonly name: string
        readonly arguments: Readonly<Record<string, unknown>>
      }[]
    | undefined
  readonly toolCallId?: string | undefined
  readonly failed?: boolean | undefined
}

export type Model = BaseModel | TunedModel | UnfinishedModel | BrokenModel

export type ModelDetails = {
  readonly model: Model
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  /** null where the chat template cannot be read */ readonly template: {
    readonly sha256: string
    readonly defaultSystemPrompt: string | null
  } | null
  readonly lineage: Lineage
  /** what it is called in each API */ readonly uses: readonly {
    readonly api: 'hone' | 'bedrock' | 'openai' | 'anthropic'
    /** null where it cannot be called there yet */ readonly id: string | null
    readonly note?: string | undefined
  }[]
  /** what would be lost with it */ readonly dependents: {
    readonly models: readonly string[]
    readonly endpoints: readonly string[]
  }
}

export type ModelList = {
  readonly models: readonly Model[]
  /** bases that can be pulled by name */ readonly available: readonly {
    readonly id: string
    readonly title: string
    readonly licence: string
    readonly bytes: number
  }[]
  readonly defaultBase: string
}

export type Place = {
  readonly file?: string | undefined
  /** counted from 1 */ readonly line?: number | undefined
  /** JSON pointer (RFC 6901) */ readonly pointer?: string | undefined
}

export type Progress = {
  /** what is being done */ readonly step: string
  readonly done: number
  /** null where it is not known */ readonly total: number | null
  readonly unit: 'bytes' | 'records' | 'files' | 'steps'
  readonly message?: string | undefined
}

export type PullModel = { readonly name: string }

export type PulledModel = { readonly id: string }

export type Removed = { readonly id: string; readonly removed: true }

export type State = {
  /** version */ readonly hone: string
  readonly home: string
  /** true where there is no dataset, no tuned model and no job */ readonly isEmpty: boolean
  readonly counts: {
    readonly datasets: number
    readonly bases: number
    readonly tuned: number
    readonly jobs: number
  }
  readonly running: readonly Job[]
  /** the last ten that ended */ readonly finished: readonly Job[]
  readonly attention: readonly Attention[]
  readonly modelsInMemory: number
  /** of the key that asked */ readonly user: string
  /** what the key may do */ readonly allow: readonly string[]
}

export type TextDelta = {
  readonly text: string
  /** natural logarithm of the probability of each token of the text */ readonly logProbabilities?:
    | readonly number[]
    | undefined
}

export type Tool = {
  readonly name: string
  readonly description?: string | undefined
  /** JSON Schema */ readonly parameters?: Readonly<Record<string, unknown>> | undefined
}

export type TrainingEvent =
  | { readonly type: 'resumed'; /** RFC 3339, UTC */ readonly time: string; readonly step: number }
  | {
      readonly type: 'checkpoint-damaged'
      /** RFC 3339, UTC */ readonly time: string
      readonly file: string
      readonly reason: string
    }
  | {
      readonly type: 'reference'
      /** RFC 3339, UTC */ readonly time: string
      readonly done: number
      readonly total: number
    }
  | {
      readonly type: 'activations'
      /** RFC 3339, UTC */ readonly time: string
      readonly done: number
      readonly total: number
    }
  | {
      readonly type: 'step'
      /** RFC 3339, UTC */ readonly time: string
      readonly step: number
      readonly epoch: number
      readonly steps: number
      readonly loss: number
      readonly learningRate: number
      readonly gradientNorm: number
      readonly examplesPerSecond: number
      readonly tokensPerSecond: number
      readonly secondsLeft: number
      readonly memoryBytes: number
      readonly rewardMargin?: number | undefined
      readonly rewardAccuracy?: number | undefined
    }
  | {
      readonly type: 'validation'
      /** RFC 3339, UTC */ readonly time: string
      readonly step: number
      readonly epoch: number
      readonly loss: number
      readonly best: boolean
      readonly partLosses?: readonly number[] | undefined
      readonly rewardMargin?: number | undefined
      readonly rewardAccuracy?: number | undefined
    }
  | { readonly type: 'checkpoint'; /** RFC 3339, UTC */ readonly time: string; readonly step: number }
  | {
      readonly type: 'epoch'
      /** RFC 3339, UTC */ readonly time: string
      readonly step: number
      readonly epoch: number
    }
  | {
      readonly type: 'early-stop'
      /** RFC 3339, UTC */ readonly time: string
      readonly step: number
      readonly bestStep: number
    }

export type TunedModel = {
  readonly id: string
  readonly bytes: number
  /** RFC 3339, UTC */ readonly createdAt: string
  readonly kind: 'tuned'
  readonly base: string
  readonly steps: number
  readonly bestStep: number
  readonly bestValidationLoss: number | null
  /** what every training record had for a system prompt; null where they had none, or differed */ readonly systemPrompt:
    | string
    | null
  readonly imported: {
    readonly from: string
    readonly sha256: string
    readonly trainedOn: string | null
  } | null
  /** null where the gate has not judged it */ readonly gate:
    | 'promoted'
    | 'not promoted'
    | 'not enough data'
    | null
}

export type UnfinishedModel = {
  readonly id: string
  readonly bytes: number
  /** RFC 3339, UTC */ readonly createdAt: string
  /** a training run that has not come to its end */ readonly kind: 'unfinished'
  readonly base: string
  readonly steps: number
}

export interface Operations {
  /** What runs, what finished, and what needs attention */
  getState: {
    answer: State
  }
  /** What this machine has, what would be used, and what is missing */
  getDoctor: {
    answer: DoctorReport
  }
  /** Bases, tuned models and unfinished runs of the home, and bases that can be pulled */
  listModels: {
    answer: ModelList
  }
  /** One model: its files, where it comes from, what it is called in each API, what depends on it */
  getModel: {
    path: { id: string }
    answer: ModelDetails
  }
  /** Removes a model; one that others need only with `force=true` */
  deleteModel: {
    path: { id: string }
    query: { force?: 'true' | 'false' }
    answer: Removed
  }
  /** Fetches a base by its name in the catalogue, or `hf:owner/name` */
  pullModel: {
    body: PullModel
    answer: PulledModel
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: PulledModel; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** The model as a tar archive of the files that other programs read */
  exportModel: {
    path: { id: string }
    query: {
      form?: 'adapter' | 'merged' | 'gguf-adapter' | 'gguf-merged'
      type?: 'F32' | 'F16' | 'BF16' | 'Q8_0'
    }
    answer: Response
  }
  /** Training runs, newest first: those of every API, and those of the command line */
  listJobs: {
    query: {
      state?: 'queued' | 'running' | 'pausing' | 'paused' | 'stopping' | 'succeeded' | 'failed' | 'stopped'
      limit?: number
      after?: string
    }
    answer: JobList
  }
  /** One training run with its settings */
  getJob: {
    path: { id: string }
    answer: JobDetails
  }
  /** The run as it goes on, from its beginning or from `last-event-id`, also after the server was started anew; ends with the run */
  followJob: {
    path: { id: string }
    headers: { 'last-event-id'?: string }
    answer: undefined
    events:
      | { event: 'job'; data: Job; id?: string }
      | { event: 'training'; data: TrainingEvent; id?: string }
      | { event: 'end'; data: Job; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** The events of a run, oldest first, a page at a time */
  listJobEvents: {
    path: { id: string }
    query: { limit?: number; after?: string }
    answer: JobEvents
  }
  /** Losses, learning rate, speed and memory by step */
  getJobMetrics: {
    path: { id: string }
    query: { points?: number }
    answer: JobMetrics
  }
  /** What the base and the tuned model answer to held-out records, with the expected answers */
  getJobSamples: {
    path: { id: string }
    body: AskSamples
    answer: JobSamples
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: JobSamples; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** Asks for a pause: the run stops at its next step, with all that it has */
  pauseJob: {
    path: { id: string }
    answer: Job
  }
  /** Gives a run up; the models of its epochs stay, nothing else does */
  stopJob: {
    path: { id: string }
    answer: Job
  }
  /** Goes on with a run that is paused or was interrupted, from its last checkpoint, to the same result */
  resumeJob: {
    path: { id: string }
    answer: Job
  }
  /** Answers a conversation as a stream: `text` and `tool-call` events, then one `finish` */
  chat: {
    body: Chat
    answer: undefined
    events:
      | { event: 'text'; data: TextDelta; id?: string }
      | {
          event: 'tool-call'
          data: {
            readonly id: string
            readonly name: string
            readonly arguments: Readonly<Record<string, unknown>>
          }
          id?: string
        }
      | { event: 'finish'; data: ChatFinish; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
}

export const places: {
  readonly [Id in keyof Operations]: { readonly method: string; readonly path: string }
} = {
  getState: { method: 'GET', path: '/api/state' },
  getDoctor: { method: 'GET', path: '/api/doctor' },
  listModels: { method: 'GET', path: '/api/models' },
  getModel: { method: 'GET', path: '/api/models/{id}' },
  deleteModel: { method: 'DELETE', path: '/api/models/{id}' },
  pullModel: { method: 'POST', path: '/api/models/pull' },
  exportModel: { method: 'GET', path: '/api/models/{id}/export' },
  listJobs: { method: 'GET', path: '/api/jobs' },
  getJob: { method: 'GET', path: '/api/jobs/{id}' },
  followJob: { method: 'GET', path: '/api/jobs/{id}/events' },
  listJobEvents: { method: 'GET', path: '/api/jobs/{id}/log' },
  getJobMetrics: { method: 'GET', path: '/api/jobs/{id}/metrics' },
  getJobSamples: { method: 'POST', path: '/api/jobs/{id}/samples' },
  pauseJob: { method: 'POST', path: '/api/jobs/{id}/pause' },
  stopJob: { method: 'POST', path: '/api/jobs/{id}/stop' },
  resumeJob: { method: 'POST', path: '/api/jobs/{id}/resume' },
  chat: { method: 'POST', path: '/api/chat' },
}
