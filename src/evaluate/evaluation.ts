import type { FinishReason, LabelScore } from '../core/chat-model.ts'
import type { JudgeFacts, Judgement } from './judge/judge-facts.ts'
import type { DifferenceVerdict, JudgedDifference } from './comparison/compare-table.ts'
import type { EvaluationTask } from './evaluation-task.ts'
import type { LabelRule } from './label-rule.ts'
import type { Metric, MetricTexts } from './metrics/metric.ts'
import type { Operations } from './operations.ts'
import type { RepeatSummary } from './repeated-answers.ts'
import type { ScoreDetails } from './score-details.ts'
import type { Interval } from './statistics/interval.ts'

/** Candidates on the rows of one split, with scores and comparisons: the file, the `--json` output and the report. */
export interface Evaluation {
  readonly schema: 2
  readonly task: EvaluationTask
  /** Name of the split, `test` for one. */
  readonly split: string
  /** How many rows there are; never 0. */
  readonly rows: number
  /** How often the split was looked at by now, where that is counted: a score that guided many choices flatters. */
  readonly looks?: number
  readonly settings: EvaluationSettings
  /** Who judged the answers, where a judge did. */
  readonly judge?: JudgeFacts
  /** What was measured, in the order of the scores; the first one is the headline, which the verdict rests on. */
  readonly metrics: readonly [EvaluatedMetric, ...EvaluatedMetric[]]
  readonly examples: readonly EvaluatedExample[]
  readonly candidates: readonly CandidateResult[]
  /** Id of the candidate that is compared with every other one. */
  readonly challenger: string
  /** The challenger against each other candidate, on the same rows. */
  readonly comparisons: readonly Comparison[]
  /**
   * Id of the other candidate with the best headline score, of those with another model where there are any; null when the
   * challenger is alone.
   */
  readonly strongestBaseline: string | null
  /** Labels only: the challenger's label with the lowest F1; null when every label is perfect. */
  readonly weakestLabel: WeakestLabel | null
  /** The challenger's wrong rows. */
  readonly worstRows: WorstRows
}

/** A metric as the report names it. */
export interface EvaluatedMetric extends MetricTexts {
  readonly kind: Metric['kind']
}

export interface EvaluationSettings {
  /** Seed of the bootstrap. */
  readonly seed: number | string
  readonly resamples: number
  readonly confidence: number
}

export interface EvaluatedExample {
  readonly id: string
  /** What the report shows as the input, the last user turn as a rule. */
  readonly input: string
  /** The assistant turn of the data. */
  readonly expected: string
  /** The label, canonical JSON or trimmed text of the expected answer. */
  readonly read: string
  /** What the row belongs to, where rows were grouped: rows of a group are alike, and are resampled together. */
  readonly group?: string
}

export interface CandidateAnswer {
  readonly exampleId: string
  readonly answer: string
  /** Of a question asked alone; absent where it shared the machine with others. */
  readonly latencyMs?: number
  /** Until its first token, of a question asked alone. */
  readonly firstTokenMs?: number
  readonly promptTokens: number
  readonly completionTokens: number
  /** `length` marks an answer that was cut at its token limit. */
  readonly finishReason?: FinishReason
  /** How the model shares probability among the labels. */
  readonly labelScores?: readonly LabelScore[]
  /** Mean negative log-probability of the expected answer, nats per token. */
  readonly loss?: number
  /** Further answers to the same question, each drawn with the next seed. */
  readonly repeats?: readonly RepeatedAnswer[]
  /** What a judge model says of it. */
  readonly judgement?: Judgement
  /** Why the question has no answer; the answer is then empty, its tokens are 0, and it counts as wrong. */
  readonly failed?: { readonly code: string; readonly message: string }
}

/** One more answer to a question. */
export type RepeatedAnswer = Omit<CandidateAnswer, 'exampleId' | 'labelScores' | 'repeats' | 'judgement'>

export interface CandidateRow extends CandidateAnswer {
  /** Null when the answer cannot be read. */
  readonly read: string | null
  /** Why it cannot be read. */
  readonly unreadable?: string
  readonly correct: boolean
}

export interface CandidateResult extends ScoreDetails, Operations {
  readonly id: string
  /** Short name in tables and sentences, `base + 8 examples` for one. */
  readonly title: string
  /** Model, prompt and settings, in a sentence. */
  readonly description: string
  /** Id of its model in the home, where it has one. */
  readonly model?: string
  /** How the probabilities of the labels decided; without it the answers as written were read. */
  readonly labelRule?: LabelRule
  readonly rows: readonly CandidateRow[]
  /** The headline first. */
  readonly scores: readonly Score[]
  readonly unreadable: {
    readonly count: number
    readonly reasons: readonly { readonly reason: string; readonly count: number }[]
  }
  /** Answers that were cut at their token limit. */
  readonly cut: number
  /** Questions without an answer; they count as unreadable. */
  readonly failed: number
  /** What several answers to each row say, where it was asked for them. */
  readonly repeated?: RepeatSummary
}

export interface Score {
  /** Id of the metric. */
  readonly metric: string
  readonly value: number
  /** Null when the rows have no spread to resample. */
  readonly interval: Interval | null
}

/** A candidate against the challenger. */
export interface Comparison {
  readonly baseline: string
  readonly challenger: string
  readonly pairs: number
  /** Challenger against baseline in each metric, the headline first. */
  readonly differences: readonly MetricDifference[]
  /**
   * Rows on which the headline score of the challenger is better, worse, or the same; where only all rows together have that
   * score, rows that are right with one of the two only.
   */
  readonly flips: { readonly gained: number; readonly lost: number; readonly same: number }
  /** At most ten rows that are lost and ten that are gained, the largest changes first. */
  readonly changedRows: readonly ChangedRow[]
  /** Relative change of the mean prompt tokens, −0.91 for 91 % fewer; null where those of one of the two are not known. */
  readonly promptTokenChange: number | null
  /** That of the headline. */
  readonly verdict: DifferenceVerdict
  /** The verdict in words. */
  readonly sentence: string
}

/** A row that is better or worse with the challenger, in the score that the flips are of. */
export interface ChangedRow {
  readonly exampleId: string
  readonly change: 'gained' | 'lost'
  readonly before: number
  readonly after: number
}

/** A metric of the challenger against that of another candidate. p-values are adjusted over all metrics and candidates. */
export interface MetricDifference extends Pick<
  JudgedDifference,
  'before' | 'after' | 'value' | 'interval' | 'test' | 'adjustedP' | 'effects' | 'worthwhile' | 'verdict'
> {
  readonly metric: string
  /** The smallest difference that so many rows would probably show; null where none would. */
  readonly detectable: number | null
  /** About how many more rows would show a difference that matters; null where that cannot be said. */
  readonly moreRows: number | null
}

export interface WeakestLabel {
  readonly label: string
  readonly f1: number
  readonly support: number
  /** What its rows were answered with most often instead; null stands for an unreadable answer. */
  readonly mistakenFor: { readonly label: string | null; readonly count: number } | null
  /** Rows of other labels that were answered with it. */
  readonly wronglyGiven: number
}

export interface WorstRows {
  readonly wrong: number
  readonly looksMislabelled: number
  /** At most ten. */
  readonly rows: readonly WorstRow[]
}

export interface WorstRow {
  readonly exampleId: string
  /** −ln p of the expected answer, or its loss, in nats; null when the candidate gave neither. */
  readonly surprise: number | null
  /** The likeliest label with its probability. */
  readonly likeliest: { readonly label: string; readonly probability: number } | null
  /** The model is confident in another label than the data's. */
  readonly looksMislabelled: boolean
}
