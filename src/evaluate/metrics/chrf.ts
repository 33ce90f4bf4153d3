import { sharedCharacterGrams } from './character-grams.ts'
import { countedMetric, denseCounts } from './counted-metric.ts'
import { splitWords } from './split-words.ts'
import type { SampleMetric } from './metric.ts'

const orders = 6
/** Recall counts twice as much as precision. */
const beta = 2

/**
 * chrF2 of all rows together: M. Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015, white space
 * left out, as sacreBLEU computes it by default. From 0 to 1.
 */
export const chrf: SampleMetric = countedMetric(
  {
    id: 'chrf',
    title: 'chrF',
    format: 'fraction',
    definition:
      'the F-score of runs of one to six characters in all rows together, recall counting twice, as sacreBLEU computes chrF2, from 0 to 1',
  },
  (rows) => ({
    ...denseCounts(rows, 3 * orders, ({ expected, answer }) =>
      gramCounts(charactersOf(expected.read), charactersOf(answer.readable ? answer.read : '')),
    ),
    value: chrfOf,
  }),
)

const charactersOf = (text: string): string[] => Array.from(splitWords(text).join(''))

/** For each order: n-grams of the answer, of the truth, and in both. */
function gramCounts(truth: readonly string[], answer: readonly string[]): number[] {
  return sharedCharacterGrams(truth, answer).flatMap((shared, at) => {
    const expected = Math.max(0, truth.length - at)
    return [expected === 0 ? 0 : Math.max(0, answer.length - at), expected, shared]
  })
}

/** Precision and recall are averaged over the orders that both sides have. */
function chrfOf(sums: Float64Array): number {
  let [precision, recall, counted] = [0, 0, 0]
  for (let at = 0; at < sums.length; at += 3) {
    const [answered, expected, shared] = [sums[at]!, sums[at + 1]!, sums[at + 2]!]
    if (answered <= 0 || expected <= 0) continue
    precision += shared / answered
    recall += shared / expected
    counted++
  }
  if (precision + recall === 0) return 0
  const factor = beta ** 2
  return ((1 + factor) * precision * recall) / (factor * precision + recall) / counted
}
