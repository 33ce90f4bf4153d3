import { HoneError } from '../core/errors.ts'
import type {
  CandidateAnswer,
  CandidateResult,
  CandidateRow,
  EvaluatedExample,
  EvaluationSettings,
} from './evaluation.ts'
import type { EvaluationTask } from './evaluation-task.ts'
import { measure } from './measure.ts'
import type { Metric, ReadRow } from './metrics/metric.ts'
import { rightAnswer } from './metrics/task-metrics.ts'
import { operationsOf, type TokenPrice } from './operations.ts'
import { createAnswerReader } from './read-answer.ts'
import { unreadable as notRead } from './reading.ts'
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
}

/**
 * Reads and scores the answers of one candidate.
 *
 * @throws HoneError `E_DATA_EMPTY` when there is no row, `E_INTERNAL` when the answers are not those of the examples or
 * hold a number that is none.
 */
export function scoreCandidate(
  task: EvaluationTask,
  metrics: readonly Metric[],
  examples: readonly EvaluatedExample[],
  candidate: CandidateAnswers,
  settings: EvaluationSettings,
): CandidateResult {
  checkAnswers(examples, candidate)
  const { answers } = candidate
  const pairs = readRows(task, examples, answers)
  const rows = answers.map((answer, at) => candidateRow(task, answer, pairs[at]!))
  const context = { task, settings, name: `score/${candidate.id}` }
  return {
    id: candidate.id,
    title: candidate.title ?? candidate.id,
    description: candidate.description,
    ...(candidate.model === undefined ? {} : { model: candidate.model }),
    rows,
    scores: metrics.map((metric) => measure(metric, pairs, context)),
    ...scoreDetails(task, pairs),
    unreadable: countUnreadable(rows),
    cut: answers.filter(({ finishReason }) => finishReason === 'length').length,
    failed: answers.filter(({ failed }) => failed !== undefined).length,
    ...operationsOf(answers, candidate.price),
  }
}

/** Expected and given answers side by side, read by the reader of the task. */
export function readRows(
  task: EvaluationTask,
  examples: readonly EvaluatedExample[],
  answers: readonly CandidateAnswer[],
): ReadRow[] {
  const read = createAnswerReader(task)
  return examples.map((example, at) => {
    const truth = read(example.expected)
    if (!truth.readable) throw unreadableTruth(example.id, truth.reason)
    const given: Pick<CandidateAnswer, 'answer' | 'failed' | 'labelScores' | 'judgement'> = answers[at] ?? {
      answer: '',
    }
    const answer =
      given.failed === undefined ? read(given.answer) : notRead(`not answered: ${given.failed.code}`)
    return { expected: truth, answer, example, given }
  })
}

/** The examples of a split as the evaluation holds them. `E_DATA` when an expected answer cannot be read. */
export function readExamples(
  task: EvaluationTask,
  examples: readonly Omit<EvaluatedExample, 'read'>[],
): EvaluatedExample[] {
  const read = createAnswerReader(task)
  return examples.map(({ id, input, expected, group }) => {
    const truth = read(expected)
    if (!truth.readable) throw unreadableTruth(id, truth.reason)
    return { id, input, expected, read: truth.read, ...(group === undefined ? {} : { group }) }
  })
}

const unreadableTruth = (id: string, reason: string): HoneError =>
  new HoneError('E_DATA', `the expected answer of ${id} cannot be read: ${reason}`, {
    hint: 'mend the record, or the task in hone.yaml: every expected answer must follow the form that is asked for',
  })

function candidateRow(task: EvaluationTask, answer: CandidateAnswer, pair: ReadRow): CandidateRow {
  const correct = rightAnswer(task).isRight(pair, task)
  if (pair.answer.readable) return { ...answer, read: pair.answer.read, correct }
  return { ...answer, read: null, unreadable: pair.answer.reason, correct }
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
