import { displayWidth } from '../../lib/display-width.ts'
import { printableText } from '../../lib/printable-text.ts'
import type { CheckedData } from '../../service/data/data-check.ts'
import type { Reusable } from '../../service/data/reuse-result.ts'
import { countText, plural } from './number-text.ts'
import type { Paint } from './paint.ts'
import { labelled } from './labelled.ts'
import { reusedLines } from './reused-lines.ts'
import { tableLines } from './table-lines.ts'

/** Places of one rule that are shown; the rest is counted. */
const shownOfRule = 3

type Finding = CheckedData['findings'][number]
type Severity = Finding['severity']

/** What is wrong with a file, by severity and rule, and what to do about it. */
export function checkLines(
  checked: Reusable<CheckedData>,
  { argv, paint }: { readonly argv: readonly string[]; readonly paint: Paint },
): string[] {
  const { counts, profile, profileNote, blankLines, records, file, kind, notes } = checked
  const target = profile === null ? 'rules of any data' : `${profile.title} (rules of ${profile.asOf})`
  const blank = blankLines === 0 ? '' : ` · ${plural(blankLines, 'blank line')}`
  const severities = (['error', 'warning', 'note'] as const).filter((severity) => counts[severity] > 0)
  return [
    printableText(
      `${file} · ${plural(records, 'record')}${blank}${kind === 'jsonl' ? '' : ` · ${kind}`} · ${target}`,
    ),
    ...notes.map((note) => printableText(note)),
    ...(profileNote === null ? [] : [printableText(profileNote)]),
    ...reusedLines(checked),
    '',
    ...severities.flatMap((severity) => severityLines(checked, severity, paint)),
    ...(severities.length === 0 ? [paint.good('nothing found')] : []),
    ...endLines(checked, argv),
  ]
}

function severityLines(checked: CheckedData, severity: Severity, paint: Paint): string[] {
  const colour = { error: paint.error, warning: paint.warning, note: paint.faint }[severity]
  const groups = new Map<string, Finding[]>()
  for (const finding of checked.findings) {
    if (finding.severity !== severity) continue
    const group = groups.get(finding.id)
    if (group === undefined) groups.set(finding.id, [finding])
    else group.push(finding)
  }
  const rows = [...groups].flatMap(([id, group]) => {
    const shown = group.slice(0, shownOfRule)
    const more = (checked.byRule[id] ?? group.length) - shown.length
    const [first] = group
    return [
      ...shown.map((finding) => [placeText(finding, checked.unit), finding.message, id]),
      ...(more > 0 ? [['', `… and ${countText(more)} more of this rule`, '']] : []),
      ...(first?.hint === undefined ? [] : [['', `→ ${first.hint}`, '']]),
    ]
  })
  const label = `${severity.padEnd(8)}${countText(checked.counts[severity]).padStart(4)}`
  return fitted(rows).map((line, at) => `${at === 0 ? colour(label) : ' '.repeat(label.length)}  ${line}`)
}

/** A message that is longer than this pushes the rule's name out of line, rather than making every line as long. */
const messageWidth = 88

function fitted(rows: readonly (readonly string[])[]): string[] {
  const printable = rows.map((row) => row.map((cell) => printableText(cell)))
  const short = printable.map(([place = '', message = '', id = '']) =>
    displayWidth(message) > messageWidth ? [place, `${message}  ${id}`] : [place, message, id],
  )
  const widest = Math.max(
    0,
    ...short.filter((row) => row.length === 3).map((row) => displayWidth(row[1] ?? '')),
  )
  return tableLines(
    short.map((row) =>
      row.length === 2
        ? [row[0] ?? '', row[1] ?? '']
        : [row[0] ?? '', padded(row[1] ?? '', widest) + `  ${row[2] ?? ''}`],
    ),
  )
}

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)))

function placeText({ at }: Finding, unit: string): string {
  const line = at.line === undefined ? '' : `${unit} ${countText(at.line)}`
  const pointer = at.pointer ?? ''
  const short = pointer.length > 44 ? `${pointer.slice(0, 43)}…` : pointer
  return [line, short].filter((part) => part !== '').join(' ')
}

function endLines(checked: CheckedData, argv: readonly string[]): string[] {
  const { counts, mendable, fixed, sarif, passed, profile } = checked
  const lines = ['']
  if (sarif !== null) lines.push(...labelled('sarif', [printableText(sarif)]))
  if (fixed !== null) return [...lines, ...fixedLines(fixed, profile === null ? '' : ` --for ${profile.id}`)]
  const mended = mendable.error + mendable.warning + mendable.note
  if (mended > 0) {
    const what =
      counts.error > 0
        ? `${countText(mendable.error)} of ${plural(counts.error, 'error')}`
        : plural(mended, 'finding')
    const command = ['hone', ...argv.map(quoted), '--fix'].join(' ')
    lines.push(printableText(`${what} can be mended:  ${command}  → ${fixedName(checked.file)} (and a diff)`))
  }
  const { error, warning, note } = counts
  const verdict = passed ? 'no error' : plural(error, 'error')
  return [...lines, `${verdict}, ${plural(warning, 'warning')}, ${plural(note, 'note')}`]
}

function fixedLines(fixed: NonNullable<CheckedData['fixed']>, target: string): string[] {
  const rules = Object.entries(fixed.byRule).map(([id, lines]) => `${countText(lines)} ${id}`)
  const { error, warning } = fixed.left
  return [
    ...labelled('fixed', [
      printableText(`${plural(fixed.changed, 'line')} → ${fixed.file}, each change in ${fixed.diff}`),
      ...(rules.length === 0 ? [] : [rules.join(' · ')]),
    ]),
    ...labelled('left', [
      error === 0
        ? `no error, ${plural(warning, 'warning')}`
        : `${plural(error, 'error')}, ${plural(warning, 'warning')}`,
    ]),
    ...labelled('next', [
      printableText(
        error === 0
          ? `look at the diff, then use ${fixed.file}`
          : `mend by hand what is left: hone data check ${quoted(fixed.file)}${target}`,
      ),
    ]),
  ]
}

/** The name that the mended copy will have. */
function fixedName(file: string): string {
  const dot = file.lastIndexOf('.')
  const isExtension = dot > Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1
  return isExtension ? `${file.slice(0, dot)}.fixed${file.slice(dot)}` : `${file}.fixed.jsonl`
}

const quoted = (word: string): string => (/^[\w./:@=,+-]+$/.test(word) ? word : JSON.stringify(word))
