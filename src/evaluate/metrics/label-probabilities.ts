import type { LabelScore } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { ReadRow } from './metric.ts'

/**
 * The label probabilities of a row.
 *
 * @throws HoneError `E_CONFIG` where the row has none
 */
export function labelProbabilities(row: ReadRow, metric: string): readonly LabelScore[] {
  const scores = row.given?.labelScores ?? []
  if (scores.length > 0) return scores
  throw new HoneError(
    'E_CONFIG',
    `"${metric}" needs the probability of every label, which row ${row.example?.id ?? 'without a name'} lacks`,
    { hint: 'score the labels of every candidate, or leave the metric out' },
  )
}

/** The likeliest label. */
export const likeliest = (scores: readonly LabelScore[]): LabelScore =>
  scores.reduce((best, each) => (each.probability > best.probability ? each : best))
