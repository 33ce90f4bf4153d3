import type { LabelScore } from '../core/chat-model.ts'
import { macroF1 } from './metrics/macro-f1.ts'
import type { Metric, ReadRow } from './metrics/metric.ts'

/** Shares of the labels in the training data, in (0, 1]. */
export type LabelShares = ReadonlyMap<string, number>

/** A row whose labels were scored, with its expected label. Training or validation rows: never rows that are tested. */
export interface ScoredRow {
  readonly expected: string
  readonly scores: readonly Pick<LabelScore, 'label' | 'logProbability'>[]
}

/** How often each label occurs among rows. */
export function labelShares(labels: readonly string[]): Map<string, number> {
  const shares = new Map<string, number>()
  for (const label of labels) shares.set(label, (shares.get(label) ?? 0) + 1 / labels.length)
  return shares
}

/**
 * The label with the greatest log p(label | row) − τ log p(label): with τ = 0 the likeliest, with τ = 1 the one that errs least
 * when every label counts alike. A label without a share counts as one with the smallest. Source: A. K. Menon et al.,
 * "Long-tail learning via logit adjustment", ICLR 2021, section 4.
 *
 * @throws RangeError without a score
 */
export function decideLabel(scores: ScoredRow['scores'], shares: LabelShares, tau: number): string {
  const [first] = scores
  if (first === undefined) throw new RangeError('a decision needs the score of at least one label')
  const smallest = Math.min(1, ...shares.values())
  let best = { label: first.label, score: -Infinity }
  for (const { label, logProbability } of scores) {
    const score = logProbability - tau * Math.log(shares.get(label) ?? smallest)
    if (score > best.score) best = { label, score }
  }
  return best.label
}

export interface LabelDecision {
  readonly tau: number
  /** The score of the rows that it was chosen on; better than what rows that played no part will show. */
  readonly score: number
}

/** 0, 0.05 … 1: beyond 1 rare labels are preferred to frequent ones. */
const steps = Array.from({ length: 21 }, (_, step) => step / 20)

/**
 * The τ with which `decideLabel` scores best on rows that are not tested; the smallest of those that score alike.
 *
 * @param metric default: macro-F1
 * @throws RangeError without a row
 */
export function chooseTau(
  rows: readonly ScoredRow[],
  shares: LabelShares,
  metric: Exclude<Metric, { kind: 'mean' }> = macroF1,
): LabelDecision {
  if (rows.length === 0) throw new RangeError('the correction needs at least one row to be chosen on')
  const labels = [
    ...new Set(rows.flatMap(({ expected, scores }) => [expected, ...scores.map(({ label }) => label)])),
  ]
  const all = Uint32Array.from(rows, (_, at) => at)
  const scoreAt = (tau: number): LabelDecision => {
    const read = rows.map(({ expected, scores }): ReadRow => ({
      expected: { readable: true, read: expected },
      answer: { readable: true, read: decideLabel(scores, shares, tau) },
    }))
    const task = { kind: 'labels', labels } as const
    const score =
      metric.kind === 'sample'
        ? metric.statistic(read, task)(all)
        : read.filter((row) => metric.isRight(row, task)).length / read.length
    return { tau, score }
  }
  return steps.map(scoreAt).reduce((best, each) => (each.score > best.score ? each : best))
}
