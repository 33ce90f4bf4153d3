import { placeOf, type CheckRule } from '../check-rule.ts'
import { excerpt } from '../excerpt.ts'
import { groupBy } from '../group-by.ts'
import { answerOf, inputOf, type LabelOf, type PlacedExample } from '../placed-example.ts'

export const contradictoryDuplicates: CheckRule = {
  id: 'duplicate/contradictory',
  severity: 'warning',
  reason: 'The same input with two answers cannot be learned, and one of them is scored as wrong.',
  *check({ examples, labelOf }) {
    for (const group of groupBy(examples, inputKey).values()) {
      const [first, ...others] = group
      if (first === undefined) continue
      const expected = outcome(first, labelOf)
      const other = others.find((example) => outcome(example, labelOf) !== expected)
      if (other === undefined) continue
      const [here, there] = [other, first].map((example) => excerpt(outcome(example, labelOf)))
      const more = group.length > 2 ? `; ${group.length} records have this input` : ''
      yield {
        at: placeOf(other),
        message: `the same input as ${first.id}, but ${here} instead of ${there}${more}`,
        hint: 'decide which one is right and remove the other',
      }
    }
  },
}

/** Inputs are the same when they differ in white space at most. */
function inputKey(example: PlacedExample): string {
  const parts = inputOf(example).map(({ role, content }) => [role, content.replaceAll(/\s+/g, ' ').trim()])
  return JSON.stringify(parts)
}

const outcome = (example: PlacedExample, labelOf: LabelOf | undefined): string =>
  labelOf?.(example) ?? answerOf(example).trim()
