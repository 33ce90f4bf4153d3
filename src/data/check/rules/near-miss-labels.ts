import { counted } from '../../counted.ts'
import { excerpt } from '../../excerpt.ts'
import { groupBy } from '../../group-by.ts'
import type { SetRule } from '../rule.ts'

export const nearMissLabels: SetRule = {
  id: 'label/near-miss',
  severity: 'warning',
  reason: 'Labels that differ in case, white space or separators only are nearly always one label.',
  start: (settings, { labels }) => ({
    *finish() {
      if (settings.labelOf === undefined && !labels.looksLikeLabels) return
      for (const group of groupBy(labels.labels, ([label]) => folded(label)).values()) {
        if (group.length < 2) continue
        const spellings = group.toSorted(([, a], [, b]) => b.count - a.count)
        const list = spellings.map(([label, { count }]) => `${excerpt(label)} (${counted(count, 'record')})`)
        const [usual] = spellings[0] ?? ['']
        const rarest = spellings.at(-1)?.[1].first
        yield {
          at: rarest === undefined ? {} : settings.placeOf(rarest),
          message: `labels that differ in writing only: ${list.join(', ')}`,
          hint: `write all of them as ${excerpt(usual)}`,
        }
      }
    },
  }),
}

const folded = (label: string): string =>
  label
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_.-]+/g, ' ')
    .trim()
