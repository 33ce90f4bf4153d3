import { printableText } from '../../lib/printable-text.ts'
import type { CoveredKind, DataRedaction } from '../../service/data/data-redact.ts'
import type { Reusable } from '../../service/data/reuse-result.ts'
import { countText, plural } from './number-text.ts'
import { labelled } from './labelled.ts'
import { reusedLines } from './reused-lines.ts'
import { tableLines } from './table-lines.ts'

/** What was found and done, what is not covered, and what to do next. */
export function dataRedactLines(redaction: Reusable<DataRedaction>): string[] {
  const { file, to, report, policy, records, changed, dropped, kinds, kept, limits, measured } = redaction
  const found = kinds.filter((kind) => kind.found > 0).toSorted((a, b) => b.found - a.found)
  const total = found.reduce((sum, kind) => sum + kind.found, 0)
  const rows = found.map((kind) => [
    kind.kind,
    countText(kind.found),
    `in ${plural(kind.records, 'record')}`,
    doneText(kind),
    kind.title,
  ])
  const verb = to === null ? 'to change' : 'changed'
  const counts = [
    `${plural(total, 'find')} in ${countText(changed + dropped)} of ${plural(records, 'record')}`,
    `${countText(changed)} ${verb}`,
    ...(dropped > 0 ? [`${countText(dropped)} ${to === null ? 'to drop' : 'dropped'}`] : []),
  ]
  return [
    `${printableText(file)} · ${plural(records, 'record')} · policy ${printableText(policy)}, ${plural(kinds.length, 'kind')}`,
    ...reusedLines(redaction),
    ...(rows.length === 0 ? [] : ['', ...tableLines(rows).map((line) => `  ${line}`)]),
    '',
    ...labelled('found', [counts.join(' · ')]),
    ...pseudonymLines(redaction),
    ...labelled('missed', [
      'what has no such form, and no such words around it. How much that is, measured on',
      `${measured.sentences} sentences that the detectors were not made with:`,
      ...measuredLines(redaction),
      'Not looked at: pictures, sound, files behind links; names in other scripts than Latin, Greek',
      'and Cyrillic.',
      ...limits,
    ]),
    ...labelled('left', [
      "alone as nobody's: example.com, 555-01xx, private and documentation IP addresses, cards for tests",
    ]),
    ...(kept.length === 0 ? [] : labelled('kept', [`not looked for by this policy: ${keptText(kept)}`])),
    ...(to === null ? [] : labelled('written', [printableText(to)])),
    ...(report === null ? [] : labelled('report', [`${printableText(report)}, without the values`])),
    ...labelled('next', [nextText(redaction, total)]),
  ]
}

const told = ['name', 'address', 'phone', 'date-of-birth', 'secret']

/** What the numbers on names, addresses and secrets say before anybody relies on them. */
function measuredLines({ kinds, measured }: DataRedaction): string[] {
  const single = told.flatMap((name) => {
    const counts = kinds.find(({ kind }) => kind === name)?.measured ?? null
    return counts === null ? [] : [[name, counts] as const]
  })
  const rows = [...single, ['all kinds', measured] as const].map(
    ([name, { right, missed, false: wrong }]) => [
      `  ${name}`,
      `${shareText(right, missed)} found`,
      `${wrong} found that is none`,
    ],
  )
  return tableLines(rows)
}

const shareText = (right: number, missed: number): string =>
  `${right} of ${right + missed} (${Math.round((100 * right) / Math.max(1, right + missed))} %)`

function doneText({ action, kind }: CoveredKind): string {
  switch (action) {
    case 'replace':
      return `[${kind.toUpperCase()}]`
    case 'pseudonym':
      return 'made-up value'
    case 'mask':
      return 'masked'
    case 'drop':
      return 'record dropped'
    case 'keep':
    default:
      return 'kept'
  }
}

function pseudonymLines({ pseudonyms, repeatable }: DataRedaction): string[] {
  if (pseudonyms === null) return []
  const within = pseudonyms === 'file' ? 'in the whole file' : 'within a conversation'
  const again = repeatable
    ? 'and in every run with the secret in HONE_REDACT_KEY'
    : 'in this run only; a secret in HONE_REDACT_KEY makes them repeatable'
  return labelled('made up', [`the same value gets the same one ${within},`, again])
}

const mostKept = 8

function keptText(kept: readonly string[]): string {
  const rest = kept.length - mostKept
  return rest <= 1 ? kept.join(', ') : `${kept.slice(0, mostKept).join(', ')} and ${rest} more`
}

function nextText({ file, to }: DataRedaction, total: number): string {
  const name = printableText(file)
  if (to !== null) return `read some of it: less ${printableText(to)}`
  if (total === 0) return `nothing was found; read some of it before you rely on that: less ${name}`
  return `hone data redact ${name} --to ${name.replace(/\.jsonl?$/, '')}.redacted.jsonl`
}
