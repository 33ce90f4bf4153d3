import { printableText } from '../../lib/printable-text.ts'
import type { ExportedData } from '../../service/data/data-export.ts'
import type { ReadSource } from '../../service/data/data-sources.ts'
import type { ImportedDataset } from '../../service/data/import-dataset.ts'
import { lossText } from '../../service/data/loss-text.ts'
import type { Reusable } from '../../service/data/reuse-result.ts'
import { countText, plural } from './number-text.ts'
import { labelled } from './labelled.ts'
import { reusedLines } from './reused-lines.ts'

const shownPlaces = 20

/** What was read, how it was understood, and what was written. */
export function importedLines(imported: Reusable<ImportedDataset>): string[] {
  const { to, dataset, records, refused, sources } = imported
  const out = refused > 0 ? `, ${plural(refused, 'record')} left out` : ''
  return [
    ...sources.flatMap(sourceLines),
    ...reusedLines(imported),
    ...(to === null ? [] : shown('wrote', `${to}: ${plural(records, 'record')}${out}`)),
    ...(dataset === null ? [] : shown('dataset', `${dataset}: ${plural(records, 'record')}${out}`)),
    ...shown('next', to === null ? `hone data dedupe ${dataset ?? ''}` : `hone data check ${to}`),
  ]
}

/** What was read, what each record loses, and what was written. */
export function exportedDataLines(exported: Reusable<ExportedData>): string[] {
  const { to, format, records, source, losses } = exported
  const places = losses.places
    .slice(0, shownPlaces)
    .map(({ line, what, leftOut, message }) =>
      printableText(`line ${line} ${leftOut ? 'left out' : 'lost'}: ${what.join(', ')} (${message})`),
    )
  const rest = losses.records - places.length
  const lost =
    losses.records === 0
      ? []
      : [
          `${plural(losses.records, 'record')} lost something: ${lossText(losses)}`,
          ...places,
          ...(rest > 0 ? [`… and ${countText(rest)} more`] : []),
        ]
  return [
    ...sourceLines(source),
    ...reusedLines(exported),
    ...labelled('lost', lost),
    ...shown('wrote', `${to}: ${plural(records, 'record')} as ${format}`),
  ]
}

function sourceLines(source: ReadSource): string[] {
  const { file, kind, formats, records, refused, blankLines, notes, notRead, problems } = source
  const counts = [
    plural(records, 'record'),
    ...(refused > 0 ? [`${countText(refused)} refused`] : []),
    ...(blankLines > 0 ? [`${plural(blankLines, 'blank line')} skipped`] : []),
  ].join(', ')
  const errors = problems.findings.filter(({ severity }) => severity === 'error').slice(0, shownPlaces)
  const more = problems.counts.error - errors.length
  return [
    ...shown('read', `${file}: ${kind}, ${counts}`),
    ...formats.flatMap(({ id, records: found, evidence }) =>
      shown('form', `${id}: ${evidence} in ${countText(found)} of ${plural(records, 'record')}`),
    ),
    ...labelled(
      'note',
      notes.map((note) => printableText(note)),
    ),
    ...labelled(
      'not read',
      notRead.map(({ what, records: found }) => printableText(`${what} (${plural(found, 'record')})`)),
    ),
    ...labelled('refused', [
      ...errors.map(({ id, at, message }) =>
        printableText(`line ${at.line ?? 0} ${at.pointer ?? ''}  ${message}  ${id}`),
      ),
      ...(more > 0 ? [`… and ${countText(more)} more`] : []),
    ]),
  ]
}

const shown = (label: string, text: string): string[] => labelled(label, [printableText(text)])
