import type { SampleMetric } from './metric.ts'

/**
 * The mean of the F1 of each label that occurs in the truth. A label without a row cannot be measured and is left out;
 * answers with such a label still count against the labels they were given for.
 */
export const macroF1: SampleMetric = {
  id: 'macro-f1',
  title: 'macro-F1',
  format: 'fraction',
  definition:
    'the mean of the F1 of each label that occurs in the expected answers, so that rare labels count as much as frequent ones',
  kind: 'sample',
  statistic: (rows) => {
    const numbers = new Map<string, number>()
    const numberOf = (label: string): number => {
      const number = numbers.get(label) ?? numbers.size
      numbers.set(label, number)
      return number
    }
    const truth = Int32Array.from(rows, ({ expected }) => numberOf(expected.read))
    const given = Int32Array.from(rows, ({ answer }) => (answer.readable ? numberOf(answer.read) : -1))
    const counts = new Uint32Array(numbers.size * 3)
    return (sample) => meanF1(truth, given, sample, counts)
  },
}

/** `counts` is scratch space: rows, answers and hits of each label. */
function meanF1(truth: Int32Array, given: Int32Array, sample: Uint32Array, counts: Uint32Array): number {
  counts.fill(0)
  for (const row of sample) {
    const label = truth[row] ?? 0
    const answer = given[row] ?? -1
    counts[label * 3]!++
    if (answer >= 0) counts[answer * 3 + 1]!++
    if (answer === label) counts[label * 3 + 2]!++
  }
  let sum = 0
  let labels = 0
  for (let at = 0; at < counts.length; at += 3) {
    const [support = 0, answers = 0, hits = 0] = [counts[at], counts[at + 1], counts[at + 2]]
    if (support === 0) continue
    labels++
    sum += (2 * hits) / (support + answers)
  }
  return sum / labels
}
