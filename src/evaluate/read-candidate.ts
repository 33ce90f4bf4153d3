import { HoneError } from '../core/errors.ts'
import type { CandidateAnswer, CandidateResult, CandidateRow, EvaluatedExample } from './evaluation.ts'
import { decideLabel } from './decide-label.ts'
import type { EvaluationTask } from './evaluation-task.ts'
import { sharesOf, type LabelRule } from './label-rule.ts'
import type { ReadRow } from './metrics/metric.ts'
import { rightAnswer } from './metrics/task-metrics.ts'
import { operationsOf, type TokenPrice } from './operations.ts'
import { createAnswerReader } from './read-answer.ts'
import { unreadable as notRead, type Readable, type Reading } from './reading.ts'
import { scoreDetails } from './score-details.ts'

/** A way to do the task, with its answers in the order of the examples. */
export interface CandidateAnswers {
  readonly id: string
  /** Short name in tables and sentences; the id when left out. */
  readonly title?: string
  readonly description: string
  /** Id of its model in the home, where it has one. */
  readonly model?: string
  readonly answers: readonly CandidateAnswer[]
  /** What its tokens cost; without it no cost is reported. */
  readonly price?: TokenPrice
  /** How the probabilities of the labels decide; without it the answer as written is read. */
  readonly labelRule?: LabelRule
}

/** A candidate before figures were made of its rows. */
export type ReadCandidate = Omit<CandidateResult, 'scores'>

/**
 * Reads the answers of one candidate.
 *
 * @param expected the expected answers of the rows, from `readExpected`
 * @returns the candidate, and its rows for metrics
 * @throws HoneError `E_DATA_EMPTY` when there is no row, `E_INTERNAL` when the answers are not those of the examples or
 * hold a number that is none, `E_CONFIG` where labels are decided by probabilities that a row does not have
 */
export function readCandidate(
  task: EvaluationTask,
  examples: readonly EvaluatedExample[],
  expected: readonly Readable[],
  candidate: CandidateAnswers,
): { readonly candidate: ReadCandidate; readonly pairs: readonly ReadRow[] } {
  checkAnswers(examples, candidate)
  const { answers, labelRule } = candidate
  const pairs = readRows(task, examples, answers, { expected, labelRule })
  const rows = answers.map((answer, at) => candidateRow(task, answer, pairs[at]!))
  return {
    pairs,
    candidate: {
      id: candidate.id,
      title: candidate.title ?? candidate.id,
      description: candidate.description,
      ...(candidate.model === undefined ? {} : { model: candidate.model }),
      ...(labelRule === undefined ? {} : { labelRule }),
      rows,
      ...scoreDetails(task, pairs),
      unreadable: countUnreadable(rows),
      cut: answers.filter(({ finishReason }) => finishReason === 'length').length,
      failed: answers.filter(({ failed }) => failed !== undefined).length,
      ...operationsOf(answers, candidate.price),
    },
  }
}

interface ReadOptions {
  /** From `readExpected`, where several candidates answer the same rows. */
  readonly expected?: readonly Readable[]
  readonly labelRule?: LabelRule | undefined
}

/**
 * Expected and given answers side by side, read by the reader of the task, or decided by the probabilities of the labels.
 *
 * @throws HoneError `E_DATA` when an expected answer cannot be read, `E_CONFIG` where probabilities that decide are missing
 */
export function readRows(
  task: EvaluationTask,
  examples: readonly EvaluatedExample[],
  answers: readonly CandidateAnswer[],
  { expected = readExpected(task, examples), labelRule }: ReadOptions = {},
): ReadRow[] {
  const read = createAnswerReader(task)
  const decide = labelRule === undefined ? undefined : createDecision(labelRule)
  return examples.map((example, at) => {
    const given: NonNullable<ReadRow['given']> & Pick<CandidateAnswer, 'failed'> = answers[at] ?? {
      answer: '',
    }
    const answer =
      given.failed === undefined
        ? (decide?.(given.labelScores, example.id) ?? read(given.answer))
        : notRead(`not answered: ${given.failed.code}`)
    return { expected: expected[at]!, answer, example, given }
  })
}

/** @throws HoneError `E_DATA` when an expected answer cannot be read */
export function readExpected(
  task: EvaluationTask,
  examples: readonly Pick<EvaluatedExample, 'id' | 'expected'>[],
): Readable[] {
  const read = createAnswerReader(task)
  return examples.map(({ id, expected }) => {
    const truth = read(expected)
    if (!truth.readable) throw unreadableTruth(id, truth.reason)
    return truth
  })
}

function createDecision(rule: LabelRule): (scores: CandidateAnswer['labelScores'], row: string) => Reading {
  const shares = sharesOf(rule)
  return (scores = [], row) => {
    if (scores.length > 0) return { readable: true, read: decideLabel(scores, shares, rule.tau) }
    throw new HoneError('E_CONFIG', `row ${row} has no probabilities of labels that could decide`, {
      hint: 'score the labels of every row, or decide by the answer as written',
    })
  }
}

const unreadableTruth = (id: string, reason: string): HoneError =>
  new HoneError('E_DATA', `the expected answer of ${id} cannot be read: ${reason}`, {
    hint: 'mend the record, or the task in hone.yaml: every expected answer must follow the form that is asked for',
  })

function candidateRow(task: EvaluationTask, answer: CandidateAnswer, pair: ReadRow): CandidateRow {
  const correct = rightAnswer(task).isRight(pair, task)
  const { answer: given } = pair
  // A third of the memory of a spread with members behind it, for hundreds of thousands of rows.
  return given.readable
    ? Object.assign({}, answer, { read: given.read, correct })
    : Object.assign({}, answer, { read: null, unreadable: given.reason, correct })
}

function countUnreadable(rows: readonly CandidateRow[]): CandidateResult['unreadable'] {
  const counts = new Map<string, number>()
  for (const { unreadable } of rows) {
    if (unreadable !== undefined) counts.set(unreadable, (counts.get(unreadable) ?? 0) + 1)
  }
  const reasons = [...counts].map(([reason, count]) => ({ reason, count }))
  return {
    count: rows.filter(({ read }) => read === null).length,
    reasons: reasons.toSorted((a, b) => b.count - a.count),
  }
}

function checkAnswers(examples: readonly EvaluatedExample[], { id, answers }: CandidateAnswers): void {
  if (examples.length === 0) {
    throw new HoneError('E_DATA_EMPTY', 'an evaluation needs at least one row, there is none', {
      hint: 'give the split that is evaluated at least one record',
    })
  }
  const stranger = examples.findIndex((example, at) => example.id !== answers[at]?.exampleId)
  if (answers.length !== examples.length || stranger >= 0) {
    throw new HoneError(
      'E_INTERNAL',
      `candidate ${id} has ${answers.length} answers for ${examples.length} rows` +
        (stranger < 0 ? '' : `; the first that does not fit is row ${stranger + 1}`),
    )
  }
  for (const row of answers) {
    const numbers = [
      row.latencyMs ?? 0,
      row.firstTokenMs ?? 0,
      row.promptTokens,
      row.completionTokens,
      row.loss ?? 0,
    ]
    if (numbers.some((number) => !Number.isFinite(number) || number < 0)) {
      throw new HoneError('E_INTERNAL', `candidate ${id} reports ${numbers.join(', ')} for ${row.exampleId}`)
    }
  }
}
