import { printableText } from '../../lib/printable-text.ts'
import type { DiffOutcome, DiffSide, ShownChange } from '../../service/data/diff-data.ts'
import type { Reusable } from '../../service/data/reuse-result.ts'
import { excerptText } from './excerpt-text.ts'
import { countText, plural } from './number-text.ts'
import type { Paint } from './paint.ts'
import { reusedLines } from './reused-lines.ts'

/** Words on either side of a change that are shown. */
const contextCharacters = 60

/** Counts first, then the records: changed ones word by word, as `[-old-]{+new+}`. */
export function diffLines(outcome: Reusable<DiffOutcome>, paint: Paint): string[] {
  const { before, after, counts } = outcome
  return [
    `${sideText(before)} → ${sideText(after)}`,
    `${countText(counts.unchanged)} unchanged · ${countText(counts.changed)} changed · ${countText(counts.added)} added · ${countText(counts.removed)} removed`,
    ...reusedLines(outcome),
    ...outcome.changed.flatMap((change) => ['', ...changeLines(change, paint)]),
    ...more(counts.changed, outcome.changed.length, 'changed'),
    ...(outcome.removed.length + outcome.added.length > 0 ? [''] : []),
    ...outcome.removed.map(({ line, text }) => paint.error(`- line ${line}  ${excerptText(text, 80)}`)),
    ...more(counts.removed, outcome.removed.length, 'removed'),
    ...outcome.added.map(({ line, text }) => paint.good(`+ line ${line}  ${excerptText(text, 80)}`)),
    ...more(counts.added, outcome.added.length, 'added'),
  ]
}

const sideText = ({ file, dataset, records }: DiffSide): string =>
  `${printableText(dataset ?? file)} (${plural(records, 'record')})`

const more = (count: number, shown: number, kind: string): string[] =>
  count > shown ? [`… and ${countText(count - shown)} more ${kind} (--limit shows more)`] : []

function changeLines(
  { beforeLine, afterLine, by, similarity, input, runs }: ShownChange,
  paint: Paint,
): string[] {
  const how = by === 'answer' ? 'same input' : `${(similarity ?? 0).toFixed(2)} alike`
  const isEqual = runs.every(({ kind }) => kind === 'same')
  const words = runs
    .map(({ kind, text }, at) => {
      if (kind === 'removed') return paint.error(`[-${printed(text)}-]`)
      if (kind === 'added') return paint.good(`{+${printed(text)}+}`)
      return shortened(printed(text), at === 0, at === runs.length - 1)
    })
    .join('')
  return [
    `~ line ${beforeLine} → line ${afterLine} · ${how}${input === null ? '' : `  ${excerptText(input, 60)}`}`,
    `  ${isEqual ? 'the same words; tools, calls, label, metadata, weights or the rejected answer differ' : words}`,
  ]
}

const printed = (text: string): string => printableText(text.replaceAll(/\s+/g, ' '))

/** What is the same is only shown near a change. */
function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  const room = isFirst || isLast ? contextCharacters : 2 * contextCharacters
  if (text.length <= room) return text
  if (isFirst) return `…${text.slice(-contextCharacters)}`
  if (isLast) return `${text.slice(0, contextCharacters)}…`
  return `${text.slice(0, contextCharacters)} … ${text.slice(-contextCharacters)}`
}
