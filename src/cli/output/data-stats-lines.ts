import { printableText } from '../../lib/printable-text.ts'
import type { CountedValue, DataStats, LengthSummary } from '../../service/data/data-stats.ts'
import type { Reusable } from '../../service/data/reuse-result.ts'
import { histogramLines } from './histogram-lines.ts'
import { bytesText, countText, plural } from './number-text.ts'
import { labelled } from './labelled.ts'
import { reusedLines } from './reused-lines.ts'
import { tableLines } from './table-lines.ts'

const shown = (label: string, ...lines: readonly string[]): string[] => labelled(label, lines)

/** What a file of examples holds. */
export function dataStatsLines(stats: Reusable<DataStats>): string[] {
  const { file, records, refused, bytes, characters, languages } = stats
  return [
    `${printableText(file)} · ${plural(records, 'record')} · ${bytesText(bytes)}`,
    ...reusedLines(stats),
    '',
    ...shown('formats', listed(stats.formats)),
    ...(refused === 0
      ? []
      : shown('refused', `${plural(refused, 'record')}, not counted below: ${listed(stats.refusedBy)}`)),
    ...shown('turns', turnsText(stats)),
    ...shown('system', systemText(stats)),
    ...labelLines(stats),
    ...shown(
      'twice',
      `${plural(stats.duplicates, 'record')} equal to one before · ${countText(stats.sameInput)} with the input of one before`,
    ),
    ...shown(
      'empty',
      `${plural(stats.emptyAnswers, 'record')} with an empty answer · ${countText(stats.emptyMessages)} with any empty message`,
    ),
    ...extraLines(stats),
    ...shown(
      'language',
      `${listed(languages.counts)} (of a sample of ${plural(languages.sampled, 'record')}; ? is too short or unclear)`,
    ),
    '',
    ...tableLines([
      ['characters', 'mean', 'p50', 'p95', 'longest'],
      ...lengthRow('record', characters.record),
      ...lengthRow('system', characters.system),
      ...lengthRow('user', characters.user),
      ...lengthRow('answer', characters.answer),
    ]),
    '',
    ...histogramLines(characters.histogram),
    '',
    ...shown('next', `hone data tokens ${printableText(file)} --base smollm2-135m-instruct`),
  ]
}

function lengthRow(name: string, lengths: LengthSummary): string[][] {
  if (lengths.count === 0) return []
  const { mean, p50, p95, largest } = lengths
  return [[name, ...[mean, p50, p95, largest].map(countText)]]
}

/** `840 × chat · 12 × prompt`, the rest counted. */
function listed(values: readonly CountedValue[], limit = 6): string {
  const named = values
    .slice(0, limit)
    .map(({ value, count }) => `${countText(count)} × ${printableText(value.slice(0, 60))}`)
  const rest = values.length - named.length
  return [...named, ...(rest > 0 ? [`${countText(rest)} more`] : [])].join(' · ')
}

function turnsText({ turns, messages, preferencePairs, weighted }: DataStats): string {
  return [
    `p50 ${countText(turns.p50)} · p95 ${countText(turns.p95)} · most ${countText(turns.largest)}`,
    `${countText(messages.user)} user and ${plural(messages.assistant, 'assistant message')}`,
    ...(preferencePairs === 0 ? [] : [plural(preferencePairs, 'preference pair')]),
    ...(weighted === 0 ? [] : [`${plural(weighted, 'record')} with weights`]),
  ].join(' · ')
}

function systemText({ systemPrompts, records, refused }: DataStats): string {
  const { distinct, more } = systemPrompts
  if (systemPrompts.records === 0) return 'no record has a system prompt'
  const of = `${countText(systemPrompts.records)} of ${countText(records - refused)} records have one`
  return `${of} · ${more ? `more than ${countText(distinct)} different` : `${countText(distinct)} different`}`
}

function labelLines({ labels }: DataStats): string[] {
  if (labels === null) return []
  const { from, distinct, more, without, counts } = labels
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const largest = counts[0]?.count ?? 0
  const rows = counts
    .slice(0, 10)
    .map(({ value, count }) => [
      printableText(value.slice(0, 50)),
      countText(count),
      `${((100 * count) / total).toFixed(1)} %`,
      '█'.repeat(Math.ceil((20 * count) / largest)),
    ])
  const rest = counts.length - rows.length
  const fewest = counts.at(-1)
  return labelled('labels', [
    [
      `${more ? 'more than ' : ''}${plural(distinct, 'label')}, from ${printableText(from)}`,
      ...(without === 0 ? [] : [`${plural(without, 'record')} without one`]),
    ].join(' · '),
    ...tableLines(rows),
    ...(rest > 0 && fewest !== undefined
      ? [
          `and ${plural(rest, 'more label')}, the rarest ${countText(fewest.count)} × ${printableText(fewest.value.slice(0, 50))}`,
        ]
      : []),
  ])
}

function extraLines({ tools, media, metadataKeys }: DataStats): string[] {
  return [
    ...(tools.records === 0 && tools.calls === 0
      ? []
      : labelled('tools', [
          `${plural(tools.records, 'record')} · ${plural(tools.calls, 'call')} · ${plural(tools.results, 'result')} · ${listed(tools.names)}`,
        ])),
    ...(media.records === 0
      ? []
      : labelled('media', [`${plural(media.records, 'record')} · ${listed(media.kinds)}`])),
    ...(metadataKeys.length === 0
      ? []
      : labelled('keys', [`beside the conversation: ${listed(metadataKeys)}`])),
  ]
}
