import { placeOf, type CheckRule } from '../check-rule.ts'
import { counted } from '../counted.ts'
import { excerpt } from '../excerpt.ts'
import { groupBy } from '../group-by.ts'

export const nearMissLabels: CheckRule = {
  id: 'label/near-miss',
  severity: 'warning',
  reason: 'Labels that differ in case, white space or separators only are nearly always one label.',
  *check({ examples, labelOf }) {
    if (labelOf === undefined) return
    const byLabel = groupBy(examples, labelOf)
    for (const labels of groupBy(byLabel.keys(), folded).values()) {
      if (labels.length < 2) continue
      const spellings = labels
        .map((label) => ({ label, group: byLabel.get(label) ?? [] }))
        .toSorted((a, b) => b.group.length - a.group.length)
      const list = spellings.map(
        ({ label, group }) => `${excerpt(label)} (${counted(group.length, 'record')})`,
      )
      yield {
        at: placeOf(spellings.at(-1)?.group[0]),
        message: `labels that differ in writing only: ${list.join(', ')}`,
        hint: `write all of them as ${excerpt(spellings[0]?.label ?? '')}`,
      }
    }
  },
}

const folded = (label: string): string =>
  label
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_.-]+/g, ' ')
    .trim()
