import type { HoneConfig } from '../../config/hone-config.ts'
import { findNamed } from '../../evaluate/comparison/row-table.ts'
import type { CandidateRow, EvaluatedExample } from '../../evaluate/evaluation.ts'
import type { MeasuredSplit } from './evaluate-answers.ts'
import { readEvaluation } from './stored-evaluation.ts'

export interface RowsRequest {
  readonly config: HoneConfig
  /** Default: the one that is compared with the others. */
  readonly candidate?: string | undefined
  /** Only rows that are not right. */
  readonly failed?: boolean | undefined
  /** Only rows that are right with one of the two only. */
  readonly against?: string | undefined
  /** Only rows whose expected answer is read as this: a label, canonical JSON or trimmed text. */
  readonly expectedAs?: string | undefined
  /** Only rows whose answer is read as this; null for those that cannot be read. */
  readonly answeredAs?: string | null | undefined
  readonly split?: MeasuredSplit | undefined
  /** At most so many rows. */
  readonly limit?: number | undefined
}

interface ListedRow extends Pick<EvaluatedExample, 'id' | 'input' | 'expected'> {
  readonly answer: string
  readonly correct: boolean
  /** What the expected answer and the answer are read as: a label for one; null where it cannot be read. */
  readonly read: { readonly expected: string; readonly answer: string | null }
  /** Why the answer cannot be read. */
  readonly unreadable?: string
  /** Why there is no answer. */
  readonly failed?: CandidateRow['failed']
  /** The other candidate's answer. */
  readonly against?: { readonly answer: string; readonly correct: boolean }
}

export interface RowList {
  readonly schema: 1
  readonly split: string
  readonly candidate: string
  readonly against: string | null
  /** Rows of the split, those that were asked for, and those that are listed. */
  readonly measured: number
  readonly found: number
  readonly rows: readonly ListedRow[]
}

/**
 * The rows that were measured with what a candidate answered.
 *
 * @throws HoneError `E_DATA` when nothing was measured, `E_CONFIG` for a candidate that is not there
 */
export async function listRows(request: RowsRequest): Promise<RowList> {
  const { config, split = 'test', failed = false, limit = Number.POSITIVE_INFINITY } = request
  const { expectedAs, answeredAs } = request
  const evaluation = await readEvaluation(config, split)
  const { candidates, examples } = evaluation
  const candidate = findNamed('candidate', request.candidate ?? evaluation.challenger, candidates)
  const other =
    request.against === undefined ? undefined : findNamed('candidate', request.against, candidates)
  const found = candidate.rows.flatMap((row, at): ListedRow[] => {
    const { id, input, expected, read } = examples[at]!
    const { answer, correct, unreadable } = row
    const theirs = other?.rows[at]
    if (failed && correct) return []
    if (expectedAs !== undefined && expectedAs !== read) return []
    if (answeredAs !== undefined && answeredAs !== row.read) return []
    if (theirs !== undefined && theirs.correct === correct) return []
    return [
      {
        id,
        input,
        expected,
        answer,
        correct,
        read: { expected: read, answer: row.read },
        ...(unreadable === undefined ? {} : { unreadable }),
        ...(row.failed === undefined ? {} : { failed: row.failed }),
        ...(theirs === undefined ? {} : { against: { answer: theirs.answer, correct: theirs.correct } }),
      },
    ]
  })
  return {
    schema: 1,
    split: evaluation.split,
    candidate: candidate.id,
    against: other?.id ?? null,
    measured: examples.length,
    found: found.length,
    rows: found.slice(0, limit),
  }
}
