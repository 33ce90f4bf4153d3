import type { CandidateResult, CandidateRow, EvaluatedExample, WorstRow, WorstRows } from './evaluation.ts'

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
 *
 * @param goodness of each row, the higher the better; where rows have a score
 */
export function worstRows(
  examples: readonly EvaluatedExample[],
  candidate: Pick<CandidateResult, 'rows'>,
  goodness: (row: number) => number = () => 0,
): WorstRows {
  const wrong = candidate.rows
    .flatMap((row, at) => (row.correct ? [] : [{ worst: worstRow(row, examples[at]!), score: goodness(at) }]))
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
