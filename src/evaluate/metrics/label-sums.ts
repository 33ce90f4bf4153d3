import { countedMetric } from './counted-metric.ts'
import type { MetricTexts, SampleMetric } from './metric.ts'

/** Three sums for each label: rows that expect it, rows answered with it, rows where it is both. */
export type LabelSums = Float64Array

/**
 * A score of labels that is a function of how often each is expected, given, and both. An answer that cannot be read gives no
 * label.
 */
export function labelMetric(
  texts: Omit<MetricTexts, 'format'>,
  score: (sums: LabelSums) => number,
): SampleMetric {
  return countedMetric({ ...texts, format: 'fraction' }, (rows, task) => {
    // Declared labels first: the sums of two candidates stand for the same labels, whatever each of them answers.
    const declared = task.kind === 'labels' ? task.labels : []
    const numbers = new Map(declared.map((label, number) => [label, number]))
    const numberOf = (label: string): number => {
      const number = numbers.get(label) ?? numbers.size
      numbers.set(label, number)
      return number
    }
    const slots = [0, 1, 2].map(() => new Int32Array(rows.length).fill(-1))
    for (const [at, { expected, answer }] of rows.entries()) {
      const truth = numberOf(expected.read) * 3
      const given = answer.readable ? numberOf(answer.read) * 3 : -1
      slots[0]![at] = truth
      if (given >= 0) slots[1]![at] = given + 1
      if (given === truth) slots[2]![at] = truth + 2
    }
    return { width: numbers.size * 3, slots, value: score }
  })
}

/** The sums of all labels together: rows, answers that can be read, right ones. */
export function totalsOf(sums: LabelSums): { rows: number; answered: number; right: number } {
  let [rows, answered, right] = [0, 0, 0]
  for (let at = 0; at < sums.length; at += 3) {
    rows += sums[at]!
    answered += sums[at + 1]!
    right += sums[at + 2]!
  }
  return { rows, answered, right }
}

/** Sum over labels of rows that expect it times rows answered with it; of squares of one of the two. */
export function productsOf(sums: LabelSums): { both: number; expected: number; answered: number } {
  let [both, expected, answered] = [0, 0, 0]
  for (let at = 0; at < sums.length; at += 3) {
    both += sums[at]! * sums[at + 1]!
    expected += sums[at]! ** 2
    answered += sums[at + 1]! ** 2
  }
  return { both, expected, answered }
}
