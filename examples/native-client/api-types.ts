// Made from the OpenAPI document by scripts/generate-api-client.ts. Do not change it by hand.

export type AddExample = {
  readonly messages: readonly Message[]
  readonly tools?: readonly Tool[] | undefined
  readonly label?: string | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

export type ApplyGate = { readonly candidate?: string | undefined; readonly baseline?: string | undefined }

export type AskSamples = { readonly samples?: number | undefined }

export type AskStatistics = {
  readonly part?: 'records' | 'train' | 'validation' | 'test' | undefined
  readonly label?: string | undefined
}

export type Attention = {
  readonly what: 'job-failed' | 'run-interrupted' | 'model-broken' | 'not-promoted'
  /** of the job or model */ readonly id: string
  readonly message: string
  readonly hint?: string | undefined
}

export type AuditEntry = {
  /** RFC 3339, UTC */ readonly at: string
  readonly keyId: string
  readonly action: string
  readonly resource: string
  readonly outcome: string
}

export type AuditLog = { readonly entries: readonly AuditEntry[]; readonly next: string | null }

export type Bar = { readonly from: number; readonly to: number; readonly count: number }

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
  /** the answer as the model writes it, also where the probabilities of labels decide */ readonly asWritten?:
    | boolean
    | undefined
  /** tells each token of the answer with so many of the likeliest ones at its place */ readonly likeliestTokens?:
    | number
    | undefined
}

export type ChatFinish = {
  readonly reason: 'stop' | 'length' | 'tool-calls'
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number }
  readonly stopSequence?: string | undefined
  /** where the probabilities of labels decided the answer */ readonly decided?:
    | { readonly label: string; readonly probability: number; readonly likeliest: string }
    | undefined
  readonly milliseconds: { readonly firstToken: number | null; readonly total: number }
}

export type Check = {
  readonly part?: 'records' | 'train' | 'validation' | 'test' | undefined
  /** a profile, such as `bedrock:claude-3-haiku` */ readonly for?: string | undefined
  /** the validation part or dataset */ readonly against?: string | undefined
  /** look for personal data, which takes long */ readonly privacy?: boolean | undefined
  readonly label?: string | undefined
  readonly hyperparameters?: Readonly<Record<string, string>> | undefined
}

export type CheckResult = {
  readonly dataset: string
  readonly part: string
  readonly bytes: number
  readonly records: number
  readonly blankLines: number
  readonly profile: { readonly id: string; readonly title: string; readonly asOf: string } | null
  readonly profileNote: string | null
  readonly passed: boolean
  readonly counts: { readonly error: number; readonly warning: number; readonly note: number }
  readonly byRule: Readonly<Record<string, number>>
  readonly mendable: { readonly error: number; readonly warning: number; readonly note: number }
  /** at most 1,000 of each rule */ readonly findings: readonly Finding[]
  readonly reused: boolean
  readonly looks: number | null
}

export type Comparison = {
  readonly split: string
  readonly rows: number
  readonly differences: readonly ({
    readonly figure: string
    readonly before: number
    readonly after: number
    readonly value: number
    /** null where the rows have no spread */ readonly interval: {
      readonly lower: number
      readonly upper: number
      readonly confidence: number
      readonly method: string
    } | null
    readonly test: {
      readonly name: string
      readonly pValue: number
      readonly midP?: number | undefined
      readonly exact?: boolean | undefined
    } & Readonly<Record<string, unknown>>
    readonly adjustedP: number
    readonly effects: readonly ({
      readonly name: string
      readonly value: number | null
      /** null where the rows have no spread */ readonly interval?:
        | ({
            readonly lower: number
            readonly upper: number
            readonly confidence: number
            readonly method: string
          } | null)
        | undefined
    } & Readonly<Record<string, unknown>>)[]
    readonly verdict: string
    readonly sentence: string
  } & Readonly<Record<string, unknown>>)[]
  readonly scores: readonly ({
    readonly figure: string
    readonly candidate: string
    readonly value: number | null
    /** null where the rows have no spread */ readonly interval: {
      readonly lower: number
      readonly upper: number
      readonly confidence: number
      readonly method: string
    } | null
  } & Readonly<Record<string, unknown>>)[]
  readonly baseline: { readonly id: string; readonly title: string } & Readonly<Record<string, unknown>>
  readonly candidate: { readonly id: string; readonly title: string } & Readonly<Record<string, unknown>>
  readonly metrics: readonly MeasuredMetric[]
  readonly flips: {
    readonly metric: string
    readonly gained: number
    readonly lost: number
    /** the largest changes first, as many as `flips` says */ readonly rows: readonly {
      readonly id: string
      readonly change: 'gained' | 'lost'
      readonly before: number
      readonly after: number
      readonly input: string
      readonly expected: string
      readonly answers: { readonly baseline: string; readonly candidate: string }
    }[]
  } | null
}

export type CountTokens = {
  readonly part?: 'records' | 'train' | 'validation' | 'test' | undefined
  /** a local model, which counts exactly */ readonly base?: string | undefined
  /** a hosted service, for which is estimated */ readonly for?: string | undefined
  readonly maxTokens?: number | undefined
  readonly answers?: 'all' | 'last' | undefined
  readonly system?: string | undefined
  readonly epochs?: number | undefined
}

export type CreateKey = {
  readonly user: string
  readonly allow?: readonly string[] | undefined
  readonly kind?: 'aws' | 'bearer' | undefined
}

export type CreateUpload = { readonly name: string; readonly bytes: number }

export type DataFormats = {
  /** forms of records, as `from` and `as` name them */ readonly formats: readonly {
    readonly id: string
    readonly form: string
    readonly usedBy: string
  }[]
  /** services whose rules data can be held against, as `for` names them */ readonly profiles: readonly {
    readonly id: string
    readonly title: string
    readonly service: 'bedrock' | 'openai' | 'local'
    readonly asOf: string
  }[]
}

export type DatasetDetails = {
  readonly version: DatasetVersion
  /** id of the newest version of that name */ readonly newest: string
  /** the test split, and how often it was looked at */ readonly sealed: {
    readonly part: string
    readonly looks: number
  } | null
  /** models and jobs that were trained on it */ readonly usedBy: readonly string[]
}

export type DatasetDiff = {
  readonly before: { readonly dataset: string | null; readonly records: number }
  readonly after: { readonly dataset: string | null; readonly records: number }
  readonly counts: {
    readonly unchanged: number
    readonly changed: number
    readonly added: number
    readonly removed: number
  }
  readonly changed: readonly {
    readonly beforeLine: number
    readonly afterLine: number
    readonly by: string
    readonly similarity: number | null
    readonly input: string | null
    readonly runs: readonly DiffRun[]
  }[]
  readonly added: readonly { readonly line: number; readonly text: string }[]
  readonly removed: readonly { readonly line: number; readonly text: string }[]
}

export type DatasetList = {
  readonly datasets: readonly {
    readonly name: string
    /** the newest first */ readonly versions: readonly DatasetVersion[]
  }[]
}

export type DatasetVersion = {
  /** `name@hash`: never changes */ readonly id: string
  readonly name: string
  readonly hash: string
  /** RFC 3339, UTC */ readonly createdAt: string
  readonly parts: readonly {
    readonly part: string
    readonly sha256: string
    readonly bytes: number
    readonly records: number
  }[]
  /** what made it: import, save, fix, redact, dedupe, split, add */ readonly step: string
  readonly settings: unknown
  readonly inputs: readonly {
    readonly file: string
    readonly sha256: string | null
    readonly dataset: string | null
  }[]
}

export type Diff = { readonly before: string; readonly limit?: number | undefined }

export type DiffRun = { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }

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

export type Duplicates = {
  readonly dataset: string
  readonly part: string
  readonly records: number
  readonly kept: number
  readonly dropped: { readonly exact: number; readonly near: number; readonly leaked: number }
  /** clusters */ readonly count: number
  readonly largest: number
  readonly answersDiffer: number
  readonly clusters: readonly {
    readonly kept: readonly { readonly file: string; readonly line: number }[]
    readonly dropped: readonly {
      readonly file: string
      readonly line: number
      readonly like: { readonly file: string; readonly line: number }
      readonly similarity: number
      readonly exact: boolean
    }[]
    readonly answersDiffer: boolean
  }[]
  readonly samples: readonly {
    readonly line: number
    readonly like: { readonly file: string; readonly line: number }
    readonly similarity: number
    readonly text: string
  }[]
  /** the new version */ readonly made: string | null
}

export type Endpoint = {
  readonly id: string
  readonly name: string
  readonly kind: 'provisioned' | 'deployment'
  readonly state: string
  /** id of the model in the home; null for a base */ readonly model: string | null
  readonly base: string
  /** answers at once, by unit; null without a limit */ readonly units: number | null
  /** RFC 3339, UTC */ readonly createdAt: string
}

export type EndpointList = { readonly endpoints: readonly Endpoint[] }

export type Error = {
  /** stable; docs/errors.md explains each */ readonly code: string
  readonly message: string
  readonly at: Place
  /** what to do about it */ readonly hint?: string | undefined
}

export type Evaluation = {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly state: 'queued' | 'running' | 'stopping' | 'succeeded' | 'failed' | 'stopped'
  readonly dataset: string
  readonly split: 'validation' | 'test'
  readonly base: string
  readonly tuned: string | null
  readonly candidates: readonly string[]
  readonly safety: boolean
  readonly progress: {
    readonly phase: string | null
    readonly candidate: string | null
    readonly done: number
    readonly total: number
  }
  /** RFC 3339, UTC */ readonly createdAt: string
  /** RFC 3339, UTC */ readonly updatedAt: string
  readonly endedAt: string | null
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly canStop: boolean
}

export type EvaluationDetails = {
  readonly evaluation: Evaluation
  /** null before all candidates have been asked */ readonly result: EvaluationResult | null
  readonly gate: { readonly rules: readonly string[]; readonly verdict: GateState | null }
}

export type EvaluationList = { readonly evaluations: readonly Evaluation[]; readonly next: string | null }

export type EvaluationResult = {
  /** the challenger against the strongest other candidate; null where it is alone */ readonly verdict: {
    readonly baseline: string
    readonly sentence: string
  } | null
  readonly challenger: string
  readonly rows: number
  /** how often the sealed split was looked at by now */ readonly looks: number | null
  readonly candidates: readonly {
    readonly id: string
    readonly title: string
    readonly description: string
    readonly model: string | null
    readonly scores: readonly {
      readonly metric: string
      readonly value: number
      /** null where the rows have no spread */ readonly interval: {
        readonly lower: number
        readonly upper: number
        readonly confidence: number
        readonly method: string
      } | null
    }[]
    readonly failed: number
    readonly cut: number
  }[]
  readonly comparisons: readonly {
    readonly baseline: string
    readonly challenger: string
    readonly sentence: string
  }[]
  readonly evaluation: Measured
}

export type EvaluationRows = {
  readonly split: string
  readonly candidate: string
  readonly against: string | null
  readonly measured: number
  readonly found: number
  readonly rows: readonly ({
    readonly id: string
    readonly input: string
    readonly expected: string
    readonly answer: string
    readonly correct: boolean
    /** as labels, canonical JSON or trimmed text; null where it cannot be read */ readonly read: {
      readonly expected: string
      readonly answer: string | null
    }
    /** why the answer cannot be read */ readonly unreadable?: string | undefined
    readonly failed?: { readonly code: string; readonly message: string } | undefined
    readonly against?: { readonly answer: string; readonly correct: boolean } | undefined
  } & Readonly<Record<string, unknown>>)[]
}

export type Example = {
  readonly messages: readonly {
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
    readonly parts?:
      | readonly (
          | { readonly type: 'text'; readonly text: string }
          | { readonly type: 'media'; readonly mediaType: string; readonly uri: string }
        )[]
      | undefined
    readonly name?: string | undefined
  }[]
  readonly weight?: number | undefined
  /** one for each answer: whether it is learned */ readonly learned?: readonly boolean[] | undefined
  readonly rejected?: string | undefined
  readonly tools?: readonly Tool[] | undefined
  readonly parallelToolCalls?: boolean | undefined
  readonly label?: string | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

export type ExamplePage = {
  readonly dataset: string
  readonly part: string
  readonly records: number
  /** records that fit the filters */ readonly found: number
  /** true where more fit than are counted: a search ends at 100,000 */ readonly more: boolean
  readonly labels: { readonly from: string; readonly names: readonly string[] } | null
  readonly rows: readonly ExampleRow[]
  readonly looks: number | null
}

export type ExampleRow = {
  /** number of the record in its part, from 0 */ readonly row: number
  readonly line: number
  readonly characters: number
  readonly label: string | null
  /** null where it cannot be read */ readonly example: Example | null
  /** as it is written, where there is no example */ readonly text: string | null
  /** true where long texts are shown in part */ readonly isCut: boolean
  readonly findings: readonly Finding[]
}

export type FindDuplicates = {
  readonly part?: 'records' | 'train' | 'validation' | 'test' | undefined
  /** datasets whose records must not occur in it */ readonly against?: readonly string[] | undefined
  readonly near?: number | undefined
  readonly shingles?: { readonly of: 'characters' | 'words'; readonly size: number } | undefined
  readonly on?: 'input' | 'conversation' | 'answer' | undefined
  readonly keep?: 'first' | 'last' | 'longest' | undefined
  /** clusters that are answered */ readonly clusters?: number | undefined
  /** keep what stays as a version of this dataset */ readonly name?: string | undefined
}

export type Finding = {
  /** of the rule */ readonly id: string
  readonly severity: 'error' | 'warning' | 'note'
  readonly at: Place
  readonly message: string
  readonly hint?: string | undefined
  readonly excerpt?: string | undefined
  /** what a fix would do about it */ readonly fix?: string | undefined
  readonly code?: string | undefined
}

export type Fix = {
  readonly part?: 'records' | 'train' | 'validation' | 'test' | undefined
  readonly for?: string | undefined
  readonly label?: string | undefined
  readonly save?: boolean | undefined
}

export type FixResult = {
  /** unified, without context; its beginning where it is long */ readonly diff: string
  readonly diffBytes: number
  /** the first of them, word by word */ readonly changes: readonly {
    readonly line: number
    readonly runs: readonly DiffRun[]
  }[]
  readonly changed: number
  readonly byRule: Readonly<Record<string, number>>
  readonly left: { readonly error: number; readonly warning: number; readonly note: number }
  readonly dataset: string | null
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

export type GateVerdict = {
  readonly verdict: 'promoted' | 'not promoted' | 'not enough data'
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

export type ImportUpload = {
  readonly name: string
  /** id of the form of all records; default: told by each */ readonly from?: string | undefined
  /** what columns mean: `user=question,assistant=answer` */ readonly map?: string | undefined
  /** of an Excel file */ readonly sheet?: string | undefined
  readonly allowLoss?: boolean | undefined
}

export type Imported = {
  readonly dataset: string
  readonly records: number
  readonly refused: number
  readonly sources: readonly {
    readonly kind: string
    readonly notes: readonly string[]
    readonly formats: readonly { readonly id: string; readonly records: number; readonly evidence: string }[]
    readonly records: number
    readonly refused: number
    readonly blankLines: number
    readonly notRead: readonly { readonly what: string; readonly records: number }[]
  }[]
}

export type Inspect = {
  /** id of the form of all records; default: told by each */ readonly from?: string | undefined
  /** what columns mean: `user=question,assistant=answer` */ readonly map?: string | undefined
  /** of an Excel file */ readonly sheet?: string | undefined
}

export type Inspection = {
  readonly kind: string
  readonly notes: readonly string[]
  readonly formats: readonly { readonly id: string; readonly records: number; readonly evidence: string }[]
  readonly columns: readonly string[]
  /** what the first record has in the columns, long ones cut */ readonly firstValues: readonly string[]
  /** where the columns mean nothing: say what they mean with `map` */ readonly needsMap: {
    readonly message: string
    readonly hint: string | null
  } | null
  /** that were looked at: 1,000 at most */ readonly records: number
  readonly isWhole: boolean
  readonly refused: number
  readonly findings: readonly Finding[]
  readonly notRead: readonly { readonly what: string; readonly records: number }[]
  readonly examples: readonly { readonly line: number; readonly example: Example }[]
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

export type Key = {
  readonly id: string
  /** a pair that signs, or a key that is sent as it is */ readonly kind: 'aws' | 'bearer'
  readonly user: string
  readonly allow: readonly string[]
  /** RFC 3339, UTC */ readonly created: string
  readonly expires: string | null
  readonly revoked: string | null
}

export type KeyList = { readonly keys: readonly Key[] }

export type LabelCounts = {
  readonly from: string
  readonly distinct: number
  readonly more: boolean
  readonly without: number
  readonly counts: readonly ValueCount[]
}

export type Lengths = {
  readonly count: number
  readonly total: number
  readonly mean: number
  readonly p50: number
  readonly p95: number
  readonly largest: number
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

export type MadeKey = {
  readonly id: string
  readonly user: string
  readonly allow: readonly string[]
  /** of a pair; never shown again */ readonly secret?: string | undefined
  /** the key itself; never shown again */ readonly key?: string | undefined
}

export type Measured = {
  readonly task: { readonly kind: string } & Readonly<Record<string, unknown>>
  readonly split: string
  /** the first one carries the verdict */ readonly metrics: readonly MeasuredMetric[]
  readonly candidates: readonly MeasuredCandidate[]
  readonly comparisons: readonly ({
    readonly baseline: string
    readonly challenger: string
    readonly pairs: number
    readonly verdict: 'better' | 'worse' | 'no difference shown' | 'not enough rows'
    readonly sentence: string
  } & Readonly<Record<string, unknown>>)[]
  readonly strongestBaseline: string | null
  readonly weakestLabel:
    | ({
        readonly label: string
        readonly f1: number
        readonly support: number
        readonly mistakenFor:
          | ({ readonly label: string | null; readonly count: number } & Readonly<Record<string, unknown>>)
          | null
      } & Readonly<Record<string, unknown>>)
    | null
  readonly worstRows: { readonly wrong: number; readonly looksMislabelled: number } & Readonly<
    Record<string, unknown>
  >
} & Readonly<Record<string, unknown>>

export type MeasuredCandidate = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly model?: string | undefined
  readonly scores: readonly ({
    readonly metric: string
    readonly value: number
    /** null where the rows have no spread */ readonly interval: {
      readonly lower: number
      readonly upper: number
      readonly confidence: number
      readonly method: string
    } | null
  } & Readonly<Record<string, unknown>>)[]
  readonly tokensPerQuery: { readonly prompt: number; readonly completion: number } & Readonly<
    Record<string, unknown>
  >
  readonly latencyMs:
    | ({ readonly p50: number; readonly p95: number; readonly p99: number; readonly rows: number } & Readonly<
        Record<string, unknown>
      >)
    | null
  readonly firstTokenMs:
    | ({ readonly p50: number; readonly p95: number; readonly p99: number; readonly rows: number } & Readonly<
        Record<string, unknown>
      >)
    | null
  readonly cost:
    | ({
        readonly usdPerThousand: number
        readonly price: {
          readonly input: number
          readonly output: number
          readonly source: string
        } & Readonly<Record<string, unknown>>
      } & Readonly<Record<string, unknown>>)
    | null
  readonly refusals: number
  readonly failed: number
  readonly cut: number
  readonly unreadable: {
    readonly count: number
    readonly reasons: readonly ({ readonly reason: string; readonly count: number } & Readonly<
      Record<string, unknown>
    >)[]
  } & Readonly<Record<string, unknown>>
  /** of a labels task */ readonly labels?:
    | readonly ({
        readonly label: string
        /** rows that expect it */ readonly support: number
        readonly answered: number
        readonly precision: number | null
        readonly recall: number | null
        readonly f1: number | null
      } & Readonly<Record<string, unknown>>)[]
    | undefined
  readonly confusion?:
    | ({
        readonly labels: readonly string[]
        /** counts[expected][answered] */ readonly counts: readonly (readonly number[])[]
        readonly unreadable: readonly number[]
      } & Readonly<Record<string, unknown>>)
    | undefined
  /** where every row has the probabilities of its labels */ readonly reliability?:
    | readonly ({
        readonly from: number
        readonly to: number
        readonly rows: number
        readonly confidence: number | null
        readonly accuracy: number | null
      } & Readonly<Record<string, unknown>>)[]
    | undefined
  /** of a json task */ readonly fields?:
    | readonly ({
        readonly field: string
        readonly right: number
        readonly rows: number
        readonly expected: number
        readonly answered: number
        readonly precision: number | null
        readonly recall: number | null
        readonly f1: number | null
      } & Readonly<Record<string, unknown>>)[]
    | undefined
  readonly spans?:
    | readonly ({
        readonly label: string
        readonly expected: number
        readonly answered: number
        readonly precision: number | null
        readonly recall: number | null
        readonly f1: number | null
      } & Readonly<Record<string, unknown>>)[]
    | undefined
} & Readonly<Record<string, unknown>>

export type MeasuredMetric = {
  readonly id: string
  readonly title: string
  readonly format: 'percent' | 'fraction'
  readonly definition: string
  readonly lowerIsBetter?: boolean | undefined
} & Readonly<Record<string, unknown>>

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

export type NewEvaluation = {
  readonly name?: string | undefined
  /** a dataset version; one that is not split is split as `hone run` splits it */ readonly dataset: string
  /** what an answer is, as in hone.yaml; files are not named here */ readonly task:
    | {
        /** One label of a closed set */ readonly kind: 'labels'
        /** The answer line "FIELD: label" that holds the label. Without it the whole answer is the label */ readonly field?:
          | string
          | undefined
        /** All labels there are. Without it those that occur in the training data */ readonly labels?:
          | readonly string[]
          | undefined
        /** The label that says "none of these", for what is out of scope */ readonly abstain?:
          | string
          | undefined
        /** Key of the records, or of their metadata, that says what a record belongs to, such as patient_id: a group stays in one split, and intervals and tests count groups instead of rows. Default: every record by itself */ readonly group?:
          | string
          | undefined
        /** What decides the label: answer as written; likeliest: the most probable of all labels; corrected: the same with rare labels made up for, by how often each is trained on and as far as scores best on the validation split. The test split is never looked at for it. Default: answer */ readonly decide?:
          | 'answer'
          | 'likeliest'
          | 'corrected'
          | undefined
        /** What is measured; the first one decides the verdict. Default: see docs/metrics.md */ readonly metrics?:
          | readonly (
              | 'accuracy'
              | 'macro-f1'
              | 'micro-f1'
              | 'weighted-f1'
              | 'mcc'
              | 'kappa'
              | 'auc'
              | 'calibration-error'
              | 'brier'
              | 'out-of-scope-f1'
              | 'out-of-scope-recall'
              | 'in-scope-accuracy'
              | 'coverage'
              | 'answered-accuracy'
              | 'readable'
              | 'refusal-rate'
              | 'judge'
              | 'judge-preference'
              | {
                  /** Module whose default export is a function: it gets { id, input, expected, answer } and gives a number from 0 to 1, or true or false. It runs with all rights of the command */ readonly file: string
                }
            )[]
          | undefined
      }
    | {
        /** One JSON value */ readonly kind: 'json'
        /** File with the JSON Schema (draft 2020-12) that answers must obey */ readonly schema?:
          | string
          | undefined
        /** What is scored one by one: names of members or JSON pointers, as a list (equal as JSON) or each with how it is compared, see docs/metrics.md. Default: all members */ readonly fields?:
          | (
              | readonly string[]
              | Readonly<
                  Record<
                    string,
                    | 'exact'
                    | 'text'
                    | 'similar'
                    | 'number'
                    | 'date'
                    | 'icd-10-cm'
                    | 'set'
                    | 'list'
                    | (
                        | { readonly match: 'exact' | 'text' | 'similar' | 'icd-10-cm' }
                        | {
                            readonly match: 'number'
                            /** Largest difference that counts as equal. Default: 0 */ readonly tolerance?:
                              | number
                              | undefined
                            /** The same, as a share of the expected number. Default: 0 */ readonly relative?:
                              | number
                              | undefined
                          }
                        | {
                            readonly match: 'date'
                            /** What 01/02/2025 means. Without it such a date is compared as text */ readonly order?:
                              | 'day-first'
                              | 'month-first'
                              | undefined
                          }
                        | {
                            readonly match: 'enum'
                            /** All values there are */ readonly values: readonly string[]
                          }
                        | {
                            readonly match: 'object'
                            /** Its members, each with how it is compared */ readonly fields: Readonly<
                              Record<
                                string,
                                | 'exact'
                                | 'text'
                                | 'similar'
                                | 'number'
                                | 'date'
                                | 'icd-10-cm'
                                | (
                                    | { readonly match: 'exact' | 'text' | 'similar' | 'icd-10-cm' }
                                    | {
                                        readonly match: 'number'
                                        /** Largest difference that counts as equal. Default: 0 */ readonly tolerance?:
                                          | number
                                          | undefined
                                        /** The same, as a share of the expected number. Default: 0 */ readonly relative?:
                                          | number
                                          | undefined
                                      }
                                    | {
                                        readonly match: 'date'
                                        /** What 01/02/2025 means. Without it such a date is compared as text */ readonly order?:
                                          | 'day-first'
                                          | 'month-first'
                                          | undefined
                                      }
                                    | {
                                        readonly match: 'enum'
                                        /** All values there are */ readonly values: readonly string[]
                                      }
                                  )
                              >
                            >
                          }
                        | {
                            readonly match: 'set' | 'list'
                            /** How items are compared. Default: text */ readonly of?:
                              | (
                                  | 'exact'
                                  | 'text'
                                  | 'similar'
                                  | 'number'
                                  | 'date'
                                  | 'icd-10-cm'
                                  | (
                                      | { readonly match: 'exact' | 'text' | 'similar' | 'icd-10-cm' }
                                      | {
                                          readonly match: 'number'
                                          /** Largest difference that counts as equal. Default: 0 */ readonly tolerance?:
                                            | number
                                            | undefined
                                          /** The same, as a share of the expected number. Default: 0 */ readonly relative?:
                                            | number
                                            | undefined
                                        }
                                      | {
                                          readonly match: 'date'
                                          /** What 01/02/2025 means. Without it such a date is compared as text */ readonly order?:
                                            | 'day-first'
                                            | 'month-first'
                                            | undefined
                                        }
                                      | {
                                          readonly match: 'enum'
                                          /** All values there are */ readonly values: readonly string[]
                                        }
                                      | {
                                          readonly match: 'object'
                                          /** Its members, each with how it is compared */ readonly fields: Readonly<
                                            Record<
                                              string,
                                              | 'exact'
                                              | 'text'
                                              | 'similar'
                                              | 'number'
                                              | 'date'
                                              | 'icd-10-cm'
                                              | (
                                                  | {
                                                      readonly match:
                                                        | 'exact'
                                                        | 'text'
                                                        | 'similar'
                                                        | 'icd-10-cm'
                                                    }
                                                  | {
                                                      readonly match: 'number'
                                                      /** Largest difference that counts as equal. Default: 0 */ readonly tolerance?:
                                                        | number
                                                        | undefined
                                                      /** The same, as a share of the expected number. Default: 0 */ readonly relative?:
                                                        | number
                                                        | undefined
                                                    }
                                                  | {
                                                      readonly match: 'date'
                                                      /** What 01/02/2025 means. Without it such a date is compared as text */ readonly order?:
                                                        | 'day-first'
                                                        | 'month-first'
                                                        | undefined
                                                    }
                                                  | {
                                                      readonly match: 'enum'
                                                      /** All values there are */ readonly values: readonly string[]
                                                    }
                                                )
                                            >
                                          >
                                        }
                                    )
                                )
                              | undefined
                          }
                      )
                  >
                >
            )
          | undefined
        /** Key of the records, or of their metadata, that says what a record belongs to, such as patient_id: a group stays in one split, and intervals and tests count groups instead of rows. Default: every record by itself */ readonly group?:
          | string
          | undefined
        /** What is measured; the first one decides the verdict. Default: see docs/metrics.md */ readonly metrics?:
          | readonly (
              | 'exact-match'
              | 'field-accuracy'
              | 'fields-match'
              | 'field-precision'
              | 'field-recall'
              | 'field-f1'
              | 'json-valid'
              | 'schema-valid'
              | 'readable'
              | 'refusal-rate'
              | 'judge'
              | 'judge-preference'
              | {
                  /** Module whose default export is a function: it gets { id, input, expected, answer } and gives a number from 0 to 1, or true or false. It runs with all rights of the command */ readonly file: string
                }
            )[]
          | undefined
      }
    | {
        /** Function calls, or text where nothing is to be called */ readonly kind: 'tool-calls'
        /** Key of the records, or of their metadata, that says what a record belongs to, such as patient_id: a group stays in one split, and intervals and tests count groups instead of rows. Default: every record by itself */ readonly group?:
          | string
          | undefined
        /** What is measured; the first one decides the verdict. Default: see docs/metrics.md */ readonly metrics?:
          | readonly (
              | 'calls-exact'
              | 'argument-f1'
              | 'call-names'
              | 'call-decision'
              | 'irrelevance-f1'
              | 'readable'
              | 'refusal-rate'
              | 'judge'
              | 'judge-preference'
              | {
                  /** Module whose default export is a function: it gets { id, input, expected, answer } and gives a number from 0 to 1, or true or false. It runs with all rights of the command */ readonly file: string
                }
            )[]
          | undefined
      }
    | {
        /** Pieces of the input, each with a label */ readonly kind: 'spans'
        /** Key of the records, or of their metadata, that says what a record belongs to, such as patient_id: a group stays in one split, and intervals and tests count groups instead of rows. Default: every record by itself */ readonly group?:
          | string
          | undefined
        /** What is measured; the first one decides the verdict. Default: see docs/metrics.md */ readonly metrics?:
          | readonly (
              | 'exact-match'
              | 'span-f1'
              | 'span-precision'
              | 'span-recall'
              | 'span-partial-f1'
              | 'readable'
              | 'refusal-rate'
              | 'judge'
              | 'judge-preference'
              | {
                  /** Module whose default export is a function: it gets { id, input, expected, answer } and gives a number from 0 to 1, or true or false. It runs with all rights of the command */ readonly file: string
                }
            )[]
          | undefined
      }
    | {
        /** Codes of a classification */ readonly kind: 'codes'
        /** Which classification: icd-10-cm */ readonly system: 'icd-10-cm'
        /** File with the valid codes, the first word of each line. Without it no code is called invalid */ readonly list?:
          | string
          | undefined
        /** Key of the records, or of their metadata, that says what a record belongs to, such as patient_id: a group stays in one split, and intervals and tests count groups instead of rows. Default: every record by itself */ readonly group?:
          | string
          | undefined
        /** What is measured; the first one decides the verdict. Default: see docs/metrics.md */ readonly metrics?:
          | readonly (
              | 'exact-match'
              | 'hierarchical-f1'
              | 'code-f1'
              | 'category-f1'
              | 'chapter-f1'
              | 'codes-valid'
              | 'readable'
              | 'refusal-rate'
              | 'judge'
              | 'judge-preference'
              | {
                  /** Module whose default export is a function: it gets { id, input, expected, answer } and gives a number from 0 to 1, or true or false. It runs with all rights of the command */ readonly file: string
                }
            )[]
          | undefined
      }
    | {
        /** Free text */ readonly kind: 'text'
        /** Headings or markers that begin a line, which every answer must have in this order */ readonly sections?:
          | readonly string[]
          | undefined
        /** Key of the records, or of their metadata, that says what a record belongs to, such as patient_id: a group stays in one split, and intervals and tests count groups instead of rows. Default: every record by itself */ readonly group?:
          | string
          | undefined
        /** What is measured; the first one decides the verdict. Default: see docs/metrics.md */ readonly metrics?:
          | readonly (
              | 'token-f1'
              | 'exact-match'
              | 'verbatim-match'
              | 'bleu'
              | 'rouge-1'
              | 'rouge-2'
              | 'rouge-l'
              | 'chrf'
              | 'edit-similarity'
              | 'section-form'
              | 'section-share'
              | 'readable'
              | 'refusal-rate'
              | 'judge'
              | 'judge-preference'
              | {
                  /** Module whose default export is a function: it gets { id, input, expected, answer } and gives a number from 0 to 1, or true or false. It runs with all rights of the command */ readonly file: string
                }
            )[]
          | undefined
      }
  /** of a json task: the JSON Schema that answers must obey */ readonly answerSchema?:
    | Readonly<Record<string, unknown>>
    | undefined
  readonly base?: string | undefined
  /** the model that the candidate `tuned` is */ readonly tuned?: string | undefined
  readonly candidates?:
    | readonly (
        | string
        | {
            /** Names it in commands and reports */ readonly id: string
            /** Short name in tables. Default: the id */ readonly title?: string | undefined
            /** base, tuned, model:ID for another model of the home, or openai-compatible:NAME for a hosted one at a url */ readonly model: string
            /** System prompt in place of that of the records. Default: the records' own */ readonly system?:
              | (string | { /** File that holds the text, relative to this one */ readonly file: string })
              | undefined
            /** Training examples in the prompt: how many, or also how they are chosen. Default: none */ readonly fewShot?:
              | (
                  | number
                  | {
                      /** How many */ readonly count: number
                      /** fixed: the same for every row, spread over the labels; random: others for each row; similar: those most like the row */ readonly choose?:
                        | 'fixed'
                        | 'random'
                        | 'similar'
                        | undefined
                    }
                )
              | undefined
            /** Longest answer in tokens. Default: evaluation.maxTokens */ readonly maxTokens?:
              | number
              | undefined
            /** 0 is greedy. Default: 0 */ readonly temperature?: number | undefined
            /** Smallest set of tokens of that probability. Default: 1, all */ readonly topP?:
              | number
              | undefined
            /** Only the likeliest tokens. Default: 0, all */ readonly topK?: number | undefined
            /** Another seed draws other answers. Default: 0 */ readonly seed?: number | undefined
            /** Texts at which an answer ends */ readonly stop?: readonly string[] | undefined
            /** Answers to each row, each with a seed of its own, for pass^k, pass@k and the spread between repeats; needs a temperature. Default: 1 */ readonly repeats?:
              | number
              | undefined
            /** Of a hosted model: what /chat/completions follows, such as https://api.openai.com/v1; the rows are sent there */ readonly url?:
              | string
              | undefined
            /** Of a hosted model: the environment variable that holds the key. Default: no key is sent */ readonly keyVariable?:
              | string
              | undefined
            /** How often a question that failed is asked again, where the reason may pass. Default: 0, of a hosted model 4 */ readonly retries?:
              | number
              | undefined
            /** Of a hosted model: requests under way at once. Default: 4 */ readonly concurrency?:
              | number
              | undefined
            /** Of a hosted model: longest wait for an answer. Default: 120 */ readonly timeoutSeconds?:
              | number
              | undefined
            /** Of a model of this machine: what answers are kept to at every token, see docs/constrained.md; task: the labels of the task, or its JSON Schema. Default: nothing */ readonly constrain?:
              | (
                  | 'task'
                  | { /** File with the JSON Schema that each answer obeys */ readonly schema: string }
                  | { /** Pattern that each whole answer matches */ readonly regex: string }
                  | { /** Texts of which each answer is one */ readonly choices: readonly string[] }
                )
              | undefined
            /** Of a model of this machine: int8 writes answers faster, from inputs that are rounded to eight bits; what it costs is what the comparison says. Default: exact */ readonly arithmetic?:
              | 'exact'
              | 'int8'
              | undefined
            /** What decides the label. Default: task.decide */ readonly decide?:
              | 'answer'
              | 'likeliest'
              | 'corrected'
              | undefined
          }
      )[]
    | undefined
  readonly system?: string | undefined
  readonly basePrompt?: string | undefined
  readonly fewShot?: number | undefined
  readonly maxTokens?: number | undefined
  readonly limit?: number | undefined
  readonly seed?: number | undefined
  /** promotion rules */ readonly gate?: readonly string[] | undefined
  readonly split?: 'validation' | 'test' | undefined
  readonly safety?: boolean | undefined
}

export type OneExample = {
  readonly row: ExampleRow
  /** the tokens that training sees; null where no base was named */ readonly mask: {
    readonly model: string
    readonly limit: number
    readonly context: number
    readonly sequences: readonly TokenView[]
    readonly warnings: readonly { readonly id: string; readonly message: string }[]
    readonly error: { readonly code: string; readonly message: string } | null
  } | null
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

export type Redact = {
  readonly part?: 'records' | 'train' | 'validation' | 'test' | undefined
  readonly policy?: 'default' | 'hipaa-like' | 'secrets-only' | undefined
  readonly country?: string | undefined
  readonly pseudonyms?: 'conversation' | 'file' | undefined
  /** keep the outcome as a new version */ readonly save?: boolean | undefined
}

export type Redaction = {
  readonly policy: string
  readonly records: number
  readonly changed: number
  readonly dropped: number
  readonly repeatable: boolean
  readonly pseudonyms: 'conversation' | 'file' | null
  readonly kinds: readonly {
    readonly kind: string
    readonly title: string
    readonly action: string
    readonly covers: string
    readonly misses: string
    readonly found: number
    readonly records: number
    readonly measured: Readonly<Record<string, unknown>> | null
  }[]
  readonly kept: readonly string[]
  readonly limits: readonly string[]
  readonly changes: readonly { readonly line: number; readonly runs: readonly DiffRun[] }[]
  readonly dataset: string | null
}

export type Removed = { readonly id: string; readonly removed: true }

export type RevokedKey = { readonly id: string }

export type Settings = {
  readonly hone: string
  readonly home: string
  readonly account: string
  /** where the settings were read from; null for the defaults */ readonly configFile: string | null
  /** whether only this machine reaches the server */ readonly isLocal: boolean
  readonly lifecycle: 'as-of-2025' | 'today'
  readonly trainingWorkers: number
  readonly serving: {
    /** models in memory at once */ readonly models: number
    /** MiB that they may take; null for half of the machine's */ readonly memory: number | null
    /** requests that may wait for each base */ readonly waiting: number
    readonly connections: number
    /** seconds that requests have to end when the server stops */ readonly drain: number
  }
  readonly defaultBase: string
  /** which local base stands in for which base of a service */ readonly modelMap: readonly {
    readonly service: string
    readonly identifier: string
    readonly profile: string
    readonly localBase: string
  }[]
}

export type Split = {
  readonly part?: 'records' | 'train' | 'validation' | 'test' | undefined
  /** of the dataset that the parts become; default: the same */ readonly name?: string | undefined
  /** below 1 a share, else a number of records */ readonly validation?: number | undefined
  readonly test?: number | undefined
  readonly seed?: number | undefined
  readonly byLabel?: boolean | undefined
  readonly labelField?: string | undefined
  /** records that share this value stay together */ readonly group?: string | undefined
  readonly near?: number | undefined
  readonly against?: readonly string[] | undefined
  readonly allowLeakage?: boolean | undefined
  readonly dryRun?: boolean | undefined
}

export type SplitResult = {
  readonly records: number
  readonly leaked: number
  readonly parts: {
    readonly train: {
      readonly examples: number
      readonly hash: string
      readonly labels: Readonly<Record<string, number>>
    }
    readonly validation: {
      readonly examples: number
      readonly hash: string
      readonly labels: Readonly<Record<string, number>>
    }
    readonly test: {
      readonly examples: number
      readonly hash: string
      readonly labels: Readonly<Record<string, number>>
    }
  }
  readonly nearDuplicates: {
    readonly threshold: number
    readonly groups: number
    readonly examples: number
    readonly largest: number
  }
  readonly seed: number
  /** null for a dry run */ readonly dataset: string | null
}

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

export type Statistics = {
  readonly dataset: string
  readonly part: string
  readonly bytes: number
  readonly records: number
  readonly refused: number
  readonly refusedBy: readonly ValueCount[]
  readonly formats: readonly ValueCount[]
  readonly messages: {
    readonly system: number
    readonly user: number
    readonly assistant: number
    readonly tool: number
  }
  readonly turns: Lengths
  readonly characters: {
    readonly record: Lengths
    readonly system: Lengths
    readonly user: Lengths
    readonly answer: Lengths
    readonly histogram: readonly Bar[]
  }
  readonly systemPrompts: { readonly records: number; readonly distinct: number; readonly more: boolean }
  readonly labels: LabelCounts | null
  readonly duplicates: number
  readonly sameInput: number
  readonly emptyMessages: number
  readonly emptyAnswers: number
  readonly preferencePairs: number
  readonly weighted: number
  readonly tools: {
    readonly records: number
    readonly calls: number
    readonly results: number
    readonly names: readonly ValueCount[]
  }
  readonly media: { readonly records: number; readonly kinds: readonly ValueCount[] }
  readonly metadataKeys: readonly ValueCount[]
  readonly languages: { readonly sampled: number; readonly counts: readonly ValueCount[] }
  readonly reused: boolean
  readonly looks: number | null
}

export type TextDelta = {
  readonly text: string
  /** natural logarithm of the probability of each token of the text */ readonly logProbabilities?:
    | readonly number[]
    | undefined
  /** where `likeliestTokens` is asked for */ readonly tokens?:
    | readonly {
        /** a token that is part of a character has U+FFFD in its place */ readonly text: string
        readonly logProbability: number
        readonly likeliest: readonly {
          /** a token that is part of a character has U+FFFD in its place */ readonly text: string
          readonly logProbability: number
        }[]
      }[]
    | undefined
}

export type TokenCounts = {
  readonly dataset: string
  readonly part: string
  readonly bytes: number
  readonly records: number
  readonly refused: number
  /** records that the model's chat template refuses */ readonly failed: number
  readonly failures: readonly { readonly line: number; readonly code: string; readonly message: string }[]
  readonly pairs: number
  readonly sharedPrefix: number | null
  readonly bytesPerCharacter: number
  readonly statistics: {
    readonly counted: number
    readonly total: number
    readonly trained: number
    readonly tokens: {
      readonly record: Lengths
      readonly system: Lengths
      readonly prompt: Lengths
      readonly answer: Lengths
    }
    readonly histogram: readonly Bar[]
    readonly beyondLimit: {
      readonly limit: number | null
      readonly records: number
      readonly tokens: number
      readonly answersCut: number
      readonly withoutTrained: number
      readonly rows: readonly {
        readonly line: number
        readonly tokens: number
        readonly trainedBeyond: number
      }[]
    }
    readonly nothingTrained: number
  }
  readonly counter:
    | { readonly kind: 'exact'; readonly model: string; readonly base: string; readonly context: number }
    | {
        readonly kind: 'estimate'
        readonly profile: string
        readonly title: string
        readonly method: string
        readonly note: string | null
      }
  readonly run: {
    readonly records: number
    readonly epochs: number
    readonly tokens: number
    readonly usd: number | null
    readonly priceSource: string
    readonly seconds: number | null
    readonly batchSize: number | null
  }
  readonly reused: boolean
  readonly looks: number | null
}

export type TokenView = {
  readonly answer: 'only' | 'preferred' | 'rejected'
  readonly counts: { readonly trained: number; readonly masked: number; readonly cut: number }
  readonly tokens: readonly {
    readonly id: number
    readonly text: string
    readonly state: 'trained' | 'masked' | 'cut'
    readonly special?: true | undefined
    readonly trained?: boolean | undefined
  }[]
}

export type Tool = {
  readonly name: string
  readonly description?: string | undefined
  /** JSON Schema */ readonly parameters?: Readonly<Record<string, unknown>> | undefined
}

export type Train = {
  /** a dataset version, `name@hash`, or a name for its newest; with a split its validation part is used */ readonly dataset: string
  /** a part of a dataset version */ readonly validation?: string | undefined
  /** default: the server's default base */ readonly base?: string | undefined
  /** a tuned model whose training is continued */ readonly from?: string | undefined
  /** of the model; default: that of the dataset */ readonly name?: string | undefined
  /** system prompt of records that have none */ readonly system?: string | undefined
  readonly dropLong?: boolean | undefined
  /** what is left out is chosen by the data, and said in the plan */ readonly settings?:
    | {
        /** sft learns the answers; dpo learns from pairs which of two answers is preferred. Default: dpo where all records are pairs */ readonly method?:
          | 'sft'
          | 'dpo'
          | undefined
        /** Direct preference optimisation */ readonly preference?:
          | {
              /** How strongly the model is held to its starting point. Default: 0.1 */ readonly beta?:
                | number
                | undefined
              /** Share of pairs that are taken to be labelled the wrong way round. Default: 0 */ readonly labelSmoothing?:
                | number
                | undefined
            }
          | undefined
        /** Which assistant turns of a conversation are learned. Default: all */ readonly answers?:
          | 'all'
          | 'last'
          | undefined
        /** Passes over the training data; 1.5 is one and a half */ readonly epochs?: number | undefined
        /** Stops after this many optimizer steps, whatever epochs says */ readonly maxSteps?:
          | number
          | undefined
        /** Examples in one forward and backward pass */ readonly batchSize?: number | undefined
        /** Passes whose gradients make one optimizer step */ readonly accumulate?: number | undefined
        /** Highest learning rate of AdamW */ readonly learningRate?: number | undefined
        /** How the learning rate falls after the warm-up */ readonly schedule?:
          | 'cosine'
          | 'linear'
          | 'constant'
          | undefined
        /** Steps in which the learning rate rises: a share of all steps below 1, or their number */ readonly warmup?:
          | number
          | undefined
        /** Rank of the LoRA matrices */ readonly rank?: number | undefined
        /** LoRA scale: the update counts alpha / rank times */ readonly alpha?: number | undefined
        /** standard is alpha / rank; rslora is alpha / √rank, which suits high ranks. Default: standard */ readonly scaling?:
          | 'standard'
          | 'rslora'
          | undefined
        /** Linear layers that get an adapter, such as q_proj and v_proj. Default: all */ readonly targets?:
          | readonly string[]
          | undefined
        /** How many layers get adapters, counted from the output. With fewer, training is faster and takes less memory, and learns less. Default: all */ readonly layers?:
          | ('all' | number)
          | undefined
        /** Share of the adapters' input that is dropped in training. What a batch's records have in common at their start is computed once, and dropped alike for all of them. Default: 0 */ readonly dropout?:
          | number
          | undefined
        /** Decoupled weight decay of AdamW */ readonly weightDecay?: number | undefined
        /** AdamW's decay of the mean of gradients */ readonly beta1?: number | undefined
        /** AdamW's decay of the mean of squared gradients */ readonly beta2?: number | undefined
        /** AdamW's term against division by zero */ readonly epsilon?: number | undefined
        /** Largest norm of the whole gradient; 0 for no limit */ readonly clip?: number | undefined
        /** Seed of the adapter and of the order of examples */ readonly seed?: number | undefined
        /** Optimizer steps between two validations */ readonly validationEvery?: number | undefined
        /** Optimizer steps between two checkpoints */ readonly checkpointEvery?: number | undefined
        /** Stops when the validation loss no longer falls */ readonly earlyStopping?:
          | {
              /** Smallest fall of the validation loss that counts */ readonly threshold?: number | undefined
              /** Validations without such a fall after which training stops */ readonly patience?:
                | number
                | undefined
            }
          | undefined
        /** What is computed again in the backward pass to save memory, with the same result. activations: all but products with weights, a few percent more time; layers: whole layers, a third more. Default: what a step needs to fit into the free memory, or what saves more than a gigabyte */ readonly gradientCheckpointing?:
          | 'none'
          | 'activations'
          | 'layers'
          | undefined
        /** Where layers have no adapters: whether what comes out of the lowest ones is computed once for each record and kept in the job while it runs, as numbers of 32 bits. Default: where it is used more than once and fits the disk */ readonly activationCache?:
          | boolean
          | undefined
        /** Longest record in tokens; longer ones are counted and said, never cut in silence */ readonly maxTokens?:
          | number
          | undefined
      }
    | undefined
}

export type TrainableBases = {
  readonly bases: readonly {
    readonly id: string
    readonly isHere: boolean
    readonly parameters: number | null
    readonly contextLength: number | null
    /** on the disk, or to download */ readonly bytes: number
    readonly licence: string | null
  }[]
  readonly defaultBase: string
  readonly machineBytes: number
  /** what can be set, in the order in which it is shown */ readonly settings: readonly {
    readonly name: string
    /** of the command line */ readonly flag: string
    readonly sentence: string
    /** JSON Schema: type, range and choices */ readonly schema: Readonly<Record<string, unknown>>
    readonly isBasic: boolean
  }[]
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

export type TrainingPlan = {
  readonly base: { readonly id: string }
  readonly start: { readonly model: string } | null
  /** every setting, resolved */ readonly settings: Readonly<Record<string, unknown>>
  /** why each setting has its value */ readonly reasons: Readonly<Record<string, string>>
  readonly steps: number
  /** expected time of training and validation */ readonly seconds: number
  readonly peakBytes: number
  /** memory of this machine */ readonly machineBytes: number
  readonly trainableParameters: number
  readonly baseParameters: number
  readonly examples: { readonly training: number; readonly validation: number; readonly dropped: number }
  readonly tokens: {
    readonly mean: number
    readonly p95: number
    readonly longest: number
    readonly context: number
    readonly trained: number
  }
  readonly template: { readonly sha256: string; readonly defaultSystemPrompt: string | null }
  readonly warnings: readonly string[]
  /** training on this machine costs nothing */ readonly usd: 0
  /** the same as a command line */ readonly command: string
  /** the same as a request of this API */ readonly request: {
    readonly method: 'POST'
    readonly path: string
    readonly body: Readonly<Record<string, unknown>>
  }
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

export type Upload = {
  readonly id: string
  readonly name: string
  readonly bytes: number
  /** where the next part begins */ readonly offset: number
  /** RFC 3339, UTC */ readonly createdAt: string
  readonly owner: string
}

export type UploadList = { readonly uploads: readonly Upload[] }

export type ValueCount = { readonly value: string; readonly count: number }

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
  /** Forms of records that are read and written, and services whose rules can be checked */
  getFormats: {
    answer: DataFormats
  }
  /** Begins a file that is sent in parts */
  createUpload: {
    body: CreateUpload
    answer: Upload
  }
  /** Uploads that are not done yet */
  listUploads: {
    answer: UploadList
  }
  /** How far an upload is: where to go on after a broken connection */
  getUpload: {
    path: { id: string }
    answer: Upload
  }
  /** Adds bytes at the offset at which the upload stands; what arrives before a cut stays */
  addToUpload: {
    path: { id: string }
    query: { offset: number }
    body: Uint8Array | Blob
    answer: Upload
  }
  /** Gives an upload up */
  deleteUpload: {
    path: { id: string }
    answer: Removed
  }
  /** What the file seems to be, and why, by its first 1,000 records; changes nothing */
  inspectUpload: {
    path: { id: string }
    body: Inspect
    answer: Inspection
  }
  /** Reads the file as a version of a dataset; the upload is gone afterwards */
  importUpload: {
    path: { id: string }
    body: ImportUpload
    answer: Imported
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: Imported; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** All datasets with their versions */
  listDatasets: {
    answer: DatasetList
  }
  /** One version, `name@hash`, or the newest of a name */
  getDataset: {
    path: { id: string }
    answer: DatasetDetails
  }
  /** Takes in the sample dataset that comes with Hone */
  importSample: {
    answer: Imported
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: Imported; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** A page of the records of a part, by offset, with filters; the first page of a part makes its index */
  listExamples: {
    path: { id: string }
    query: {
      part?: 'records' | 'train' | 'validation' | 'test'
      offset?: number
      limit?: number
      search?: string
      label?: string
      labelField?: string
      shortest?: number
      longest?: number
      refused?: 'true' | 'false'
      lines?: string
      finding?: string
      for?: string
    }
    answer: ExamplePage
  }
  /** A new version with one record more, such as a corrected answer; a name that is new begins a dataset */
  addExample: {
    path: { id: string }
    body: AddExample
    answer: DatasetVersion
  }
  /** One record, whole; with `base` as the tokens that training sees, with its loss mask */
  getExample: {
    path: { id: string; row: string }
    query: {
      part?: 'records' | 'train' | 'validation' | 'test'
      base?: string
      maxTokens?: number
      answers?: 'all' | 'last'
      system?: string
    }
    answer: OneExample
  }
  /** Findings of the rules of good data, and of a service; a check that was made before is answered at once */
  checkDataset: {
    path: { id: string }
    body: Check
    answer: CheckResult
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: CheckResult; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** What mending would change; with `save` as a new version */
  fixDataset: {
    path: { id: string }
    body: Fix
    answer: FixResult
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: FixResult; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** What a part holds, in numbers: labels, lengths, languages */
  getStatistics: {
    path: { id: string }
    body: AskStatistics
    answer: Statistics
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: Statistics; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** Tokens of the records with their histogram and what is cut, and what a run over them would take */
  countTokens: {
    path: { id: string }
    body: CountTokens
    answer: TokenCounts
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: TokenCounts; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** Equal and similar records in clusters, also those that leak from other datasets */
  findDuplicates: {
    path: { id: string }
    body: FindDuplicates
    answer: Duplicates
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: Duplicates; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** Personal data and secrets that would be taken out; with `save` as a new version */
  redactDataset: {
    path: { id: string }
    body: Redact
    answer: Redaction
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: Redaction; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** Splits into training, validation and a sealed test part, as a version of a dataset */
  splitDataset: {
    path: { id: string }
    body: Split
    answer: SplitResult
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: SplitResult; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** What changed from another version to this one */
  diffDatasets: {
    path: { id: string }
    body: Diff
    answer: DatasetDiff
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: DatasetDiff; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** A part in any form and kind of file */
  exportDataset: {
    path: { id: string }
    query: {
      part?: 'records' | 'train' | 'validation' | 'test'
      as?: string
      file?: 'jsonl' | 'jsonl.gz' | 'json' | 'csv' | 'tsv' | 'parquet' | 'xlsx'
      allowLoss?: 'true' | 'false'
    }
    answer: Response
  }
  /** What can be trained: bases, and settings with their ranges */
  getTrainable: {
    answer: TrainableBases
  }
  /** Starts a training run; it is a job from then on, whatever becomes of this server */
  startTraining: {
    body: Train
    answer: Job
  }
  /** What a training run would be: settings with reasons, time and memory; starts nothing */
  planTraining: {
    body: Train
    answer: TrainingPlan
    events:
      | { event: 'progress'; data: Progress; id?: string }
      | { event: 'result'; data: TrainingPlan; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** Evaluations that this API was asked for, newest first */
  listEvaluations: {
    query: { limit?: number; after?: string }
    answer: EvaluationList
  }
  /** Asks candidates the rows of a split; goes on after a restart of the server with what was answered */
  startEvaluation: {
    body: NewEvaluation
    answer: Evaluation
  }
  /** One evaluation with its result */
  getEvaluation: {
    path: { id: string }
    answer: EvaluationDetails
  }
  /** How far an evaluation is, until its end */
  followEvaluation: {
    path: { id: string }
    answer: undefined
    events:
      | { event: 'evaluation'; data: Evaluation; id?: string }
      | { event: 'end'; data: Evaluation; id?: string }
      | { event: 'error'; data: Error; id?: string }
  }
  /** Asks for a stop; what was answered stays */
  stopEvaluation: {
    path: { id: string }
    answer: Evaluation
  }
  /** Rows with what a candidate answered: all, wrong ones, or those that two candidates differ in */
  listEvaluationRows: {
    path: { id: string }
    query: {
      candidate?: string
      against?: string
      failed?: 'true' | 'false'
      expected?: string
      expectedAs?: string
      answeredAs?: string
      unreadable?: 'true' | 'false'
      offset?: number
      limit?: number
    }
    answer: EvaluationRows
  }
  /** Two candidates on the same rows: differences with intervals and tests, and the rows that flip */
  compareCandidates: {
    path: { id: string }
    query: { baseline: string; candidate: string; flips?: number }
    answer: Comparison
  }
  /** The report as one HTML file */
  getReport: {
    path: { id: string }
    answer: Response
  }
  /** Holds the evaluation's promotion rules against what was measured, and keeps the verdict with the model */
  applyGate: {
    path: { id: string }
    body: ApplyGate
    answer: GateVerdict
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
  /** Limits, the model map, and where they were read from */
  getSettings: {
    answer: Settings
  }
  /** What traffic calls: provisioned throughputs and deployments, whatever API made them */
  listEndpoints: {
    answer: EndpointList
  }
  /** Keys with what they may do; never their secrets */
  listKeys: {
    answer: KeyList
  }
  /** Makes a key; its secret is answered this once */
  createKey: {
    body: CreateKey
    answer: MadeKey
  }
  /** A key that is revoked works nowhere any more; it stays in the list */
  revokeKey: {
    path: { id: string }
    answer: RevokedKey
  }
  /** Who changed what, newest first; never what was said */
  listAudit: {
    query: { limit?: number; after?: string; keyId?: string; search?: string }
    answer: AuditLog
  }
}

export const places: {
  readonly [Id in keyof Operations]: {
    readonly method: string
    readonly path: string
    readonly isJson: boolean
  }
} = {
  getState: { method: 'GET', path: '/api/state', isJson: true },
  getDoctor: { method: 'GET', path: '/api/doctor', isJson: true },
  listModels: { method: 'GET', path: '/api/models', isJson: true },
  getModel: { method: 'GET', path: '/api/models/{id}', isJson: true },
  deleteModel: { method: 'DELETE', path: '/api/models/{id}', isJson: true },
  pullModel: { method: 'POST', path: '/api/models/pull', isJson: true },
  exportModel: { method: 'GET', path: '/api/models/{id}/export', isJson: false },
  listJobs: { method: 'GET', path: '/api/jobs', isJson: true },
  getJob: { method: 'GET', path: '/api/jobs/{id}', isJson: true },
  followJob: { method: 'GET', path: '/api/jobs/{id}/events', isJson: false },
  listJobEvents: { method: 'GET', path: '/api/jobs/{id}/log', isJson: true },
  getJobMetrics: { method: 'GET', path: '/api/jobs/{id}/metrics', isJson: true },
  getJobSamples: { method: 'POST', path: '/api/jobs/{id}/samples', isJson: true },
  pauseJob: { method: 'POST', path: '/api/jobs/{id}/pause', isJson: true },
  stopJob: { method: 'POST', path: '/api/jobs/{id}/stop', isJson: true },
  resumeJob: { method: 'POST', path: '/api/jobs/{id}/resume', isJson: true },
  getFormats: { method: 'GET', path: '/api/formats', isJson: true },
  createUpload: { method: 'POST', path: '/api/uploads', isJson: true },
  listUploads: { method: 'GET', path: '/api/uploads', isJson: true },
  getUpload: { method: 'GET', path: '/api/uploads/{id}', isJson: true },
  addToUpload: { method: 'PATCH', path: '/api/uploads/{id}', isJson: true },
  deleteUpload: { method: 'DELETE', path: '/api/uploads/{id}', isJson: true },
  inspectUpload: { method: 'POST', path: '/api/uploads/{id}/inspect', isJson: true },
  importUpload: { method: 'POST', path: '/api/uploads/{id}/import', isJson: true },
  listDatasets: { method: 'GET', path: '/api/datasets', isJson: true },
  getDataset: { method: 'GET', path: '/api/datasets/{id}', isJson: true },
  importSample: { method: 'POST', path: '/api/datasets/sample', isJson: true },
  listExamples: { method: 'GET', path: '/api/datasets/{id}/examples', isJson: true },
  addExample: { method: 'POST', path: '/api/datasets/{id}/examples', isJson: true },
  getExample: { method: 'GET', path: '/api/datasets/{id}/examples/{row}', isJson: true },
  checkDataset: { method: 'POST', path: '/api/datasets/{id}/check', isJson: true },
  fixDataset: { method: 'POST', path: '/api/datasets/{id}/fix', isJson: true },
  getStatistics: { method: 'POST', path: '/api/datasets/{id}/statistics', isJson: true },
  countTokens: { method: 'POST', path: '/api/datasets/{id}/tokens', isJson: true },
  findDuplicates: { method: 'POST', path: '/api/datasets/{id}/duplicates', isJson: true },
  redactDataset: { method: 'POST', path: '/api/datasets/{id}/redact', isJson: true },
  splitDataset: { method: 'POST', path: '/api/datasets/{id}/split', isJson: true },
  diffDatasets: { method: 'POST', path: '/api/datasets/{id}/diff', isJson: true },
  exportDataset: { method: 'GET', path: '/api/datasets/{id}/export', isJson: false },
  getTrainable: { method: 'GET', path: '/api/train', isJson: true },
  startTraining: { method: 'POST', path: '/api/train', isJson: true },
  planTraining: { method: 'POST', path: '/api/train/plan', isJson: true },
  listEvaluations: { method: 'GET', path: '/api/evaluations', isJson: true },
  startEvaluation: { method: 'POST', path: '/api/evaluations', isJson: true },
  getEvaluation: { method: 'GET', path: '/api/evaluations/{id}', isJson: true },
  followEvaluation: { method: 'GET', path: '/api/evaluations/{id}/events', isJson: false },
  stopEvaluation: { method: 'POST', path: '/api/evaluations/{id}/stop', isJson: true },
  listEvaluationRows: { method: 'GET', path: '/api/evaluations/{id}/rows', isJson: true },
  compareCandidates: { method: 'GET', path: '/api/evaluations/{id}/compare', isJson: true },
  getReport: { method: 'GET', path: '/api/evaluations/{id}/report', isJson: false },
  applyGate: { method: 'POST', path: '/api/evaluations/{id}/gate', isJson: true },
  chat: { method: 'POST', path: '/api/chat', isJson: false },
  getSettings: { method: 'GET', path: '/api/settings', isJson: true },
  listEndpoints: { method: 'GET', path: '/api/endpoints', isJson: true },
  listKeys: { method: 'GET', path: '/api/keys', isJson: true },
  createKey: { method: 'POST', path: '/api/keys', isJson: true },
  revokeKey: { method: 'DELETE', path: '/api/keys/{id}', isJson: true },
  listAudit: { method: 'GET', path: '/api/audit', isJson: true },
}
