import type { JudgeStanding } from './judge-agreement.ts'

/** What a judge made of one answer, as it is kept with the answer. */
export interface Judgement {
  /** From 1 to the scale; absent where the judge gave none. */
  readonly score?: number
  /** The score from 0 to 1. */
  readonly quality?: number
  readonly reason?: string
  /** 1 where the answer is preferred to that of the baseline in both orders, 0 where the other is, else 0.5. */
  readonly preference?: number
  /** Whether both orders gave the same. */
  readonly orderAgrees?: boolean
  /** Why there is no score or no preference. */
  readonly failed?: string
}

/** Who judged an evaluation, how, and what that is worth. */
export interface JudgeFacts {
  readonly model: string
  readonly scale: number
  /** Id of the candidate whose answers are compared with the others'; null without comparisons. */
  readonly against: string | null
  /** SHA-256 of the rubric. */
  readonly rubric: string
  /** Answers with a judgement and without one, over all candidates. */
  readonly judged: number
  readonly failed: number
  /** Comparisons of which both orders gave the same, and all of them; null without comparisons. */
  readonly order: { readonly same: number; readonly asked: number } | null
  /** Of the metric `judge`. */
  readonly scores: JudgeStanding
  /** Of the metric `judge-preference`; null without comparisons. */
  readonly preferences: JudgeStanding | null
  /** May decide promotion rules whatever its standing. */
  readonly trusted: boolean
}
