import type { HoneConfig } from '../../config/hone-config.ts'
import { HoneError } from '../../core/errors.ts'
import { compareTable, listFlips } from '../../evaluate/comparison/compare-table.ts'
import {
  comparisonLines,
  type Effort,
  type StoredComparison,
} from '../../evaluate/comparison/comparison-lines.ts'
import { evaluationTable } from '../../evaluate/comparison/evaluation-table.ts'
import { findNamed } from '../../evaluate/comparison/row-table.ts'
import type { CandidateResult } from '../../evaluate/evaluation.ts'
import { readTask } from '../run/read-task.ts'
import type { MeasuredSplit } from './evaluate-answers.ts'
import { readEvaluation } from './stored-evaluation.ts'

export interface CompareRequest {
  readonly config: HoneConfig
  readonly baseline: string
  readonly candidate: string
  readonly split?: MeasuredSplit | undefined
}

export interface CandidateComparison extends StoredComparison {
  readonly schema: 1
  readonly lines: readonly string[]
}

/**
 * Compares two candidates on the rows that were measured, pair by pair.
 *
 * @throws HoneError `E_DATA` when nothing was measured, `E_CONFIG` for a candidate that is not there
 */
export async function compareStored(
  { config, baseline, candidate, split = 'test' }: CompareRequest,
  signal?: AbortSignal,
): Promise<CandidateComparison> {
  const evaluation = await readEvaluation(config, split)
  const [first, second] = [baseline, candidate].map((id) => findNamed('candidate', id, evaluation.candidates))
  if (baseline === candidate) {
    throw new HoneError('E_CONFIG', `${candidate} is compared with itself`, { hint: 'name two candidates' })
  }
  const { metrics } = await readTask(config.task, signal)
  const table = evaluationTable({ ...evaluation, candidates: [first!, second!] }, { moreMetrics: metrics })
  const { scores, differences } = compareTable(table, candidate, { seed: config.split.seed })
  const ofRows = differences.find((difference) => difference.flips !== null)
  const flips = ofRows === undefined ? [] : listFlips(table, ofRows.figure, baseline, candidate)
  const comparison = {
    schema: 1 as const,
    split: evaluation.split,
    rows: evaluation.rows,
    baseline: effortOf(first!),
    candidate: effortOf(second!),
    metrics: evaluation.metrics,
    scores,
    differences,
    flips:
      ofRows === undefined
        ? null
        : {
            metric: ofRows.figure,
            gained: flips.filter(({ change }) => change === 'gained').length,
            lost: flips.filter(({ change }) => change === 'lost').length,
            rows: flips,
          },
  }
  return { ...comparison, lines: comparisonLines(comparison) }
}

const effortOf = ({ id, title, tokensPerQuery, latencyMs, cost, failed }: CandidateResult): Effort => ({
  id,
  title,
  tokensPerQuery,
  latencyMs,
  cost,
  failed,
})
