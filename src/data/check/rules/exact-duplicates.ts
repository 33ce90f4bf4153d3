import type { SetRule } from '../rule.ts'

export const exactDuplicates: SetRule = {
  id: 'duplicate/exact',
  severity: 'warning',
  reason: 'A record that occurs n times is learned n times as hard, and hides how little there is.',
  start: ({ nameOf, placeOf }, { duplicates }) => ({
    *finish() {
      const { groups, more } = duplicates.exactGroups()
      for (const { first, second, records } of groups) {
        yield {
          at: placeOf(second),
          message: `the same record as ${nameOf(first)}${records > 2 ? `, ${records} times in all` : ''}`,
          hint: 'keep one of them: hone data dedupe',
        }
      }
      if (more > 0) {
        yield { at: {}, message: `${more.toLocaleString('en-US')} more records occur again` }
      }
    },
  }),
}
