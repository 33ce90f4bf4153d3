import type { CandidateResult } from '../../src/evaluate/evaluation.ts'
import type { Interval } from '../../src/evaluate/statistics/interval.ts'
import type { TaskRow } from './task-rows.ts'

/** A further score of a candidate, which no metric of the product is. */
export interface TaskScore {
  readonly metric: string
  readonly value: number
  readonly interval: Interval | null
}

/** A public task: where its rows lie, how it is asked, and what others reach. */
export interface PublicTask {
  /** Names the result, `task-NAME.json`. */
  readonly name: string
  readonly folder: string
  /** Files of the folder. */
  readonly train: readonly string[]
  /** Files of the folder that are trained on whole, also where the others are sampled. */
  readonly trainWhole?: readonly string[]
  readonly test: readonly string[]
  /** Makes a row of the file one of this task. Default: as it is. */
  readonly rowOf?: (row: TaskRow) => TaskRow
  /** How many rows of the train files are trained on, and of the test files asked, drawn by the seed. Default: all. */
  readonly trainingRows?: number
  readonly testRows?: number
  /** The short prompt that is tuned with. */
  readonly system: string
  /** The prompt that spells the task out for the untuned base. */
  readonly prompt: (labels: readonly string[]) => string
  /** Examples in the prompt of the second candidate. */
  readonly fewShot: number
  /** The part `task` of the configuration. */
  readonly task: (labels: readonly string[]) => object
  /** The part `training` of the configuration. */
  readonly training: object
  readonly maxTokens: number
  /** Metrics that the table shows. */
  readonly columns: readonly string[]
  /** What is compared besides base, base with examples, and tuned; given the prompt that spells the task out. */
  readonly candidates?: (prompt: string) => readonly object[]
  /** Further scores of a candidate. */
  readonly more?: (candidate: CandidateResult) => readonly TaskScore[]
  /** The label for what is out of scope. */
  readonly outOfScope?: string
  /** What a linear model over words and characters reaches with all training rows, where the task is one of labels. */
  readonly linear?: Readonly<Record<string, number>>
  /** What others have published, in words. */
  readonly published?: string
}
