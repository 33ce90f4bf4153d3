import { labelMetric, totalsOf } from './label-sums.ts'
import type { SampleMetric } from './metric.ts'

/** The mean of the F1 of each label, weighted by how many rows expect it. */
export const weightedF1: SampleMetric = labelMetric(
  {
    id: 'weighted-f1',
    title: 'weighted F1',
    definition: 'the mean of the F1 of each label, weighted by how many rows expect it',
  },
  (sums) => {
    let sum = 0
    for (let at = 0; at < sums.length; at += 3) {
      const support = sums[at]!
      if (support > 0) sum += (support * 2 * sums[at + 2]!) / (support + sums[at + 1]!)
    }
    return sum / totalsOf(sums).rows
  },
)
