import { printableText } from '../../lib/printable-text.ts'
import type { DedupeOutcome } from '../../service/data/dedupe-data.ts'
import { excerptText } from './excerpt-text.ts'
import { countText, plural } from './number-text.ts'
import { labelled } from './labelled.ts'
import { reusedLines } from './reused-lines.ts'
import { tableLines } from './table-lines.ts'

const parts = {
  input: 'the turns before the answer',
  conversation: 'whole conversations',
  answer: 'answers',
} as const

const rules = {
  first: 'the first record of a cluster stays',
  last: 'the last record of a cluster stays',
  longest: 'the longest record of a cluster stays',
} as const

/** What was compared, what was found, a few pairs, and what to do next. */
export function dedupeLines(outcome: DedupeOutcome): string[] {
  const { compared, dropped, clusters, records, kept, against, to, dataset, clustersFile } = outcome
  const file = printableText(outcome.file)
  const found = records - kept
  const others = against.map((other) => `${printableText(other.file)} (${plural(other.records, 'record')})`)
  return [
    `${file} · ${plural(records, 'record')}${others.length === 0 ? '' : ` · against ${others.join(', ')}`}`,
    ...labelled('compared', [comparedText(compared), ...notes(outcome)]),
    ...reusedLines(outcome),
    '',
    ...labelled(
      'found',
      tableLines([
        [countText(dropped.exact), 'equal to another, but for case, punctuation and white space'],
        ...(compared.near < 1
          ? [[countText(dropped.near), `similar to another, ${compared.near} or more`]]
          : []),
        ...(against.length === 0
          ? []
          : [[countText(dropped.leaked), 'equal or similar to a record of the other files']]),
      ]),
    ),
    ...(clusters.count === 0
      ? []
      : labelled('clusters', [
          `${countText(clusters.count)}, the largest of ${plural(clusters.largest, 'record')}`,
          ...(clusters.answersDiffer === 0
            ? []
            : [
                `${countText(clusters.answersDiffer)} with different answers: look at them before you drop one`,
              ]),
        ])),
    ...tableLines(
      outcome.samples.map(({ line, like, similarity, text }) => [
        `  line ${line}`,
        similarity === 1 ? 'equal' : similarity.toFixed(2),
        `${like.file === outcome.file ? '' : `${printableText(like.file)} `}line ${like.line}`,
        excerptText(text, 50),
      ]),
    ),
    '',
    ...labelled('kept', [
      `${countText(kept)} of ${plural(records, 'record')}${found === 0 ? ', no duplicate found' : ''}`,
    ]),
    ...(to === null ? [] : labelled('written', [`${printableText(to)}; the input is as it was`])),
    ...(clustersFile === null ? [] : labelled('clusters', [printableText(clustersFile)])),
    ...(dataset === null ? [] : labelled('dataset', [dataset])),
    ...labelled('next', [next(outcome, file)]),
  ]
}

function comparedText({ on, near, shingles, keep }: DedupeOutcome['compared']): string {
  const how =
    near === 1
      ? 'equal texts only'
      : `Jaccard similarity of their ${shingles.replace(':', ' in runs of ')}, from ${near}`
  return `${parts[on]}, without system prompts · ${how} · ${rules[keep]}`
}

function notes({ compared }: DedupeOutcome): string[] {
  return [
    ...(compared.short === 0 || compared.near === 1
      ? []
      : [`${plural(compared.short, 'different text')} no longer than one run: alike only where equal`]),
    ...(compared.template
      ? ['what more than half of the texts share is their template and does not count']
      : []),
  ]
}

function next({ to, dataset, records, kept }: DedupeOutcome, file: string): string {
  if (dataset !== null) return `hone data split ${dataset} --to split`
  if (to !== null) return `hone data split ${printableText(to)} --to split`
  return kept === records
    ? `hone data split ${file} --to split`
    : `write the ${countText(kept)} that stay: add --to FILE`
}
