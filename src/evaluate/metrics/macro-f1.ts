import { labelMetric } from './label-sums.ts'
import type { SampleMetric } from './metric.ts'

/**
 * The mean of the F1 of each label that occurs in the truth. A label without a row cannot be measured and is left out;
 * answers with such a label still count against the labels they were given for.
 */
export const macroF1: SampleMetric = labelMetric(
  {
    id: 'macro-f1',
    title: 'macro-F1',
    definition:
      'the mean of the F1 of each label that occurs in the expected answers, so that rare labels count as much as frequent ones',
  },
  (sums) => {
    let sum = 0
    let labels = 0
    for (let at = 0; at < sums.length; at += 3) {
      const support = sums[at]!
      if (support === 0) continue
      labels++
      sum += (2 * sums[at + 2]!) / (support + sums[at + 1]!)
    }
    return sum / labels
  },
)
