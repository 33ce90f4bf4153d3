import { contentHash } from '../content-hash.ts'
import { placeOf, type CheckRule } from '../check-rule.ts'
import { groupBy } from '../group-by.ts'

export const exactDuplicates: CheckRule = {
  id: 'duplicate/exact',
  severity: 'warning',
  reason: 'A record that occurs n times is learned n times as hard, and hides how little there is.',
  *check({ examples }) {
    for (const [first, second, ...others] of groupBy(examples, contentHash).values()) {
      if (first === undefined || second === undefined) continue
      yield {
        at: placeOf(second),
        message: `the same record as ${first.id}${others.length > 0 ? `, ${others.length + 2} times in all` : ''}`,
        hint: 'keep one of them',
      }
    }
  },
}
