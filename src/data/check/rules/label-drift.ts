import { counted } from '../../counted.ts'
import { excerpt } from '../../excerpt.ts'
import type { SetRule } from '../rule.ts'

/** A share that differs by less is noise in files of usual size. */
const smallestShift = 0.1

export const labelDrift: SetRule = {
  id: 'label/drift',
  severity: 'warning',
  reason:
    'Labels that one split has and the other lacks, or in other shares, make the score of one say little about the other.',
  start(settings, { labels }) {
    const { against } = settings
    if (against === undefined) return undefined
    return {
      *finish({ records }) {
        const areLabels =
          settings.labelOf !== undefined || (labels.looksLikeLabels && against.labels.labels.size > 0)
        if (!areLabels || records === 0 || against.records === 0) return
        const there = against.labels.labels
        for (const [label, { count }] of there) {
          if (labels.labels.has(label)) continue
          yield {
            at: {},
            message: `label ${excerpt(label)} occurs in ${counted(count, 'record')} of ${against.name}, but never here`,
            hint: 'add records with this label here, or remove those there',
          }
        }
        for (const [label, { count, first }] of labels.labels) {
          const other = there.get(label)
          const [share, otherShare] = [count / records, (other?.count ?? 0) / against.records]
          if (other === undefined) {
            // With this many records there, a label of this share is missing by chance in one file of twenty.
            if ((1 - share) ** against.records > 0.05) continue
            yield {
              at: settings.placeOf(first),
              message: `label ${excerpt(label)} (${counted(count, 'record')}) does not occur in ${against.name}`,
            }
          } else if (
            Math.abs(share - otherShare) >= smallestShift &&
            isBeyondChance(share, otherShare, records, against.records)
          ) {
            yield {
              at: settings.placeOf(first),
              message: `label ${excerpt(label)} makes ${percent(share)} of the records here, ${percent(otherShare)} of ${against.name}`,
              hint: 'split one file by label: hone data split --by label',
            }
          }
        }
      },
    }
  },
}

/** Two proportions differ by more than three standard errors (pooled two-proportion z-test). */
function isBeyondChance(a: number, b: number, records: number, others: number): boolean {
  const pooled = (a * records + b * others) / (records + others)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / records + 1 / others))
  return error === 0 || Math.abs(a - b) > 3 * error
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
