import { labelMetric, productsOf, totalsOf } from './label-sums.ts'
import type { SampleMetric } from './metric.ts'

/**
 * Matthews' correlation coefficient for any number of labels: J. Gorodkin, "Comparing two K-category assignments by a
 * K-category correlation coefficient", Computational Biology and Chemistry 28, 2004. Answers that cannot be read are a label
 * of their own. From −1 to 1; 0 where one side knows one label only.
 */
export const matthewsCorrelation: SampleMetric = labelMetric(
  {
    id: 'mcc',
    title: 'MCC',
    definition:
      'Matthews’ correlation between expected and given labels: 1 for all right, 0 for no better than chance',
  },
  (sums) => {
    const { rows, answered, right } = totalsOf(sums)
    const products = productsOf(sums)
    const unreadable = rows - answered
    const below = (rows ** 2 - products.expected) * (rows ** 2 - products.answered - unreadable ** 2)
    return below <= 0 ? 0 : (right * rows - products.both) / Math.sqrt(below)
  },
)
