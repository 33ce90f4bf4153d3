import type { CheckRule } from './check-rule.ts'
import { contradictoryDuplicates } from './rules/contradictory-duplicates.ts'
import { exactDuplicates } from './rules/exact-duplicates.ts'
import { rareLabels, undeclaredLabels, unreadableLabels, unseenLabels } from './rules/label-counts.ts'
import { nearMissLabels } from './rules/near-miss-labels.ts'

/** Every rule over a whole set of examples. */
export const checkRules: readonly CheckRule[] = [
  exactDuplicates,
  contradictoryDuplicates,
  unreadableLabels,
  undeclaredLabels,
  unseenLabels,
  rareLabels,
  nearMissLabels,
]
