import { labelProbabilities } from './label-probabilities.ts'
import type { MeanMetric } from './metric.ts'

/**
 * Half the squared distance between the label probabilities and the truth: G. W. Brier, Monthly Weather Review 78(1), 1950,
 * halved so that it lies between 0 and 1 for any number of labels.
 */
export const brierScore: MeanMetric = {
  id: 'brier',
  title: 'Brier score',
  format: 'fraction',
  definition: 'half the squared distance between label probabilities and truth, averaged over rows',
  lowerIsBetter: true,
  needs: 'label scores',
  kind: 'mean',
  rowScore: (row) => {
    const scores = labelProbabilities(row, 'brier')
    const truth = row.expected.read
    const known = scores.some(({ label }) => label === truth)
    const distance = scores.reduce(
      (sum, { label, probability }) => sum + (probability - (label === truth ? 1 : 0)) ** 2,
      known ? 0 : 1,
    )
    return distance / 2
  },
}
