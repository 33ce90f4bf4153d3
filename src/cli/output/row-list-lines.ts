import { printableText } from '../../lib/printable-text.ts'
import type { RowList } from '../../service/evaluation/list-rows.ts'
import { countText, plural } from './number-text.ts'

/** At most so many characters of a text. */
const longest = 300

/** A paragraph for each row, and how many there are. */
export function rowListLines({ rows, found, measured, candidate, against, split }: RowList): string[] {
  const lines = rows.flatMap(
    ({ id, input, expected, answer, correct, unreadable, failed, against: other }) => [
      `${printableText(id)} · ${correct ? 'right' : 'wrong'}${unreadable === undefined ? '' : ` · ${printableText(unreadable)}`}`,
      ...text('input', input),
      ...text('expected', expected),
      ...(failed === undefined ? text(candidate, answer) : text('failed', failed.message)),
      ...(other === undefined || against === null ? [] : text(against, other.answer)),
      '',
    ],
  )
  const more = found > rows.length ? `, the first ${countText(rows.length)} are here; --limit shows more` : ''
  return [
    ...lines,
    `${countText(found)} of ${plural(measured, 'row')} of the ${split} split, candidate ${candidate}${more}`,
  ]
}

function text(name: string, content: string): string[] {
  const short = content.length > longest ? `${content.slice(0, longest)}…` : content
  const label = printableText(name).slice(0, 9).padEnd(10)
  return short === ''
    ? [`  ${label}(empty)`]
    : short.split(/\r?\n/).map((line, at) => `  ${at === 0 ? label : ' '.repeat(10)}${printableText(line)}`)
}
