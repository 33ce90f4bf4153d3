import { excerpt } from '../../excerpt.ts'
import type { SetRule } from '../rule.ts'

export const contradictoryDuplicates: SetRule = {
  id: 'duplicate/contradictory',
  severity: 'warning',
  reason: 'The same input with two answers cannot be learned, and one of them is scored as wrong.',
  start: ({ nameOf, placeOf }, { duplicates }) => ({
    *finish() {
      const { groups, more } = duplicates.contradictoryGroups()
      for (const { first, other, records, firstOutcome, otherOutcome } of groups) {
        const there = firstOutcome === undefined ? 'what it answers there' : excerpt(firstOutcome)
        yield {
          at: placeOf(other),
          message: `the same input as ${nameOf(first)}, but ${excerpt(otherOutcome)} instead of ${there}${records > 2 ? `; ${records} records have this input` : ''}`,
          hint: 'decide which one is right and remove the other',
        }
      }
      if (more > 0) {
        yield {
          at: {},
          message: `${more.toLocaleString('en-US')} more inputs have several answers`,
        }
      }
    },
  }),
}
