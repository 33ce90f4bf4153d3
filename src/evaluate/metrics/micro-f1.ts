import { labelMetric, totalsOf } from './label-sums.ts'
import type { SampleMetric } from './metric.ts'

/** F1 over all labels together; it differs from accuracy where answers cannot be read. */
export const microF1: SampleMetric = labelMetric(
  {
    id: 'micro-f1',
    title: 'micro-F1',
    definition:
      'the harmonic mean of the share of right rows among those with a readable answer, and among all rows',
  },
  (sums) => {
    const { rows, answered, right } = totalsOf(sums)
    return (2 * right) / (rows + answered)
  },
)
