import { labelMetric, productsOf, totalsOf } from './label-sums.ts'
import type { SampleMetric } from './metric.ts'

/**
 * Agreement beyond chance: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
 * Measurement 20(1), 1960. Answers that cannot be read agree with nothing. At most 1; 0 where only one label occurs.
 */
export const cohenKappa: SampleMetric = labelMetric(
  {
    id: 'kappa',
    title: 'kappa',
    definition:
      'Cohen’s kappa: the share of right rows beyond what chance would give, over the share that is left beyond chance',
  },
  (sums) => {
    const { rows, right } = totalsOf(sums)
    const chance = productsOf(sums).both / rows ** 2
    return chance >= 1 ? 0 : (right / rows - chance) / (1 - chance)
  },
)
