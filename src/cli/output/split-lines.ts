import { printableText } from '../../lib/printable-text.ts'
import type { SplitOutcome } from '../../service/data/split-data.ts'
import { excerptText } from './excerpt-text.ts'
import { countText, plural } from './number-text.ts'
import { labelled } from './labelled.ts'
import { reusedLines } from './reused-lines.ts'
import { tableLines } from './table-lines.ts'

const names = ['train', 'validation', 'test'] as const

/** Labels that are listed; a split by more says how many there are. */
const mostLabels = 12

/** What was split, into what, and what was kept together. */
export function splitLines(outcome: SplitOutcome): string[] {
  const { file, records, manifest, leaked, folder, dataset } = outcome
  const { splits, nearDuplicates, by, group, seed } = manifest
  const parts = names.map((name) => {
    const share = records === 0 ? '' : `${((100 * splits[name].examples) / records).toFixed(1)} %`
    const sealed = name === 'test' && splits.test.examples > 0 ? 'sealed: looks at it are counted' : ''
    return [name, countText(splits[name].examples), share, splits[name].hash.slice(0, 12), sealed]
  })
  return [
    `${printableText(file)} · ${plural(records, 'record')} · seed ${seed} · ${by === undefined ? 'not by label (--by label keeps their shares)' : 'by label'}`,
    ...reusedLines(outcome),
    ...labelled('split', tableLines(parts)),
    ...labelled('together', [
      `${plural(nearDuplicates.groups, 'group')} of ${plural(nearDuplicates.examples, 'record')}, the largest of ${countText(nearDuplicates.largest)}: questions ${nearDuplicates.threshold} alike or more${group === undefined ? '' : `, and one ${printableText(group.key)}`}`,
      ...(group === undefined
        ? []
        : [
            `${plural(group.groups, 'value')} of ${printableText(group.key)}${group.without === 0 ? '' : `; ${plural(group.without, 'record')} without one`}`,
          ]),
    ]),
    ...labelled('labels', labelTable(splits)),
    ...(leaked === 0
      ? []
      : labelled('warning', [
          `${plural(leaked, 'record')} (nearly) occur in the files of --against: leakage was allowed`,
        ])),
    ...(folder === null ? [] : labelled('written', [printableText(folder)])),
    ...(dataset === null ? [] : labelled('dataset', [dataset])),
    ...labelled('next', [
      dataset !== null
        ? `hone train --data ${dataset}`
        : folder !== null
          ? `hone train --data ${printableText(folder)}/train.jsonl --validation ${printableText(folder)}/validation.jsonl`
          : 'write the parts: add --to DIR or --name NAME',
    ]),
  ]
}

function labelTable(splits: SplitOutcome['manifest']['splits']): string[] {
  const labels = [...new Set(names.flatMap((name) => Object.keys(splits[name].labels)))]
  if (labels.length === 0) return []
  const count = (name: (typeof names)[number], label: string): number => splits[name].labels[label] ?? 0
  const total = (label: string): number => names.reduce((sum, name) => sum + count(name, label), 0)
  const shown = labels.toSorted((a, b) => total(b) - total(a) || (a < b ? -1 : 1)).slice(0, mostLabels)
  const rest = labels.length - shown.length
  return [
    ...tableLines(
      shown.map((label) => [
        label === '' ? '(none)' : excerptText(label, 30),
        names.map((name) => countText(count(name, label))).join(' · '),
      ]),
    ),
    ...(rest === 0 ? [] : [`and ${plural(rest, 'more label')}`]),
  ]
}
