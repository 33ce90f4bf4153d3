import type { CandidateResult, CandidateRow, EvaluatedExample, WorstRow, WorstRows } from './evaluation.ts'
import type { EvaluationTask } from './evaluation-task.ts'
import type { Metric } from './metrics/metric.ts'
import { readRows } from './score-candidate.ts'

const shown = 10

/**
 * A wrong row looks mislabelled when the model gives another label at least this probability. A rule of thumb in the
 * spirit of confident learning (Northcutt, Jiang, Chuang, JAIR 70, 2021), which estimates a threshold for each class;
 * a test split is too small for that. It says where to look, not what is true.
 */
const confident = 0.9

/**
 * The wrong rows of a candidate: those first whose expected answer surprises the model most, then, without such a
 * number, those with the lowest row score.
 */
export function worstRows(
  task: EvaluationTask,
  headline: Metric,
  examples: readonly EvaluatedExample[],
  candidate: CandidateResult,
): WorstRows {
  const up = headline.lowerIsBetter === true ? -1 : 1
  const pairs = readRows(task, examples, candidate.rows)
  const wrong = candidate.rows
    .map((row, at) => ({ row, example: examples[at]!, pair: pairs[at]! }))
    .filter(({ row }) => !row.correct)
    .map(({ row, example, pair }) => ({
      worst: worstRow(row, example),
      score: headline.kind === 'mean' ? up * headline.rowScore(pair, task) : 0,
    }))
    .toSorted((a, b) => (b.worst.surprise ?? -1) - (a.worst.surprise ?? -1) || a.score - b.score)
    .map(({ worst }) => worst)
  return {
    wrong: wrong.length,
    looksMislabelled: wrong.filter(({ looksMislabelled }) => looksMislabelled).length,
    rows: wrong.slice(0, shown),
  }
}

function worstRow(row: CandidateRow, example: EvaluatedExample): WorstRow {
  const scores = (row.labelScores ?? []).toSorted((a, b) => b.probability - a.probability)
  const expected = scores.find(({ label }) => label === example.read)
  const [first] = scores
  return {
    exampleId: example.id,
    // A probability that underflowed to 0 still has to sort, and Infinity is not JSON.
    surprise:
      expected === undefined
        ? (row.loss ?? null)
        : -Math.log(Math.max(expected.probability, Number.MIN_VALUE)),
    likeliest: first === undefined ? null : { label: first.label, probability: first.probability },
    looksMislabelled: first !== undefined && first.label !== example.read && first.probability >= confident,
  }
}
