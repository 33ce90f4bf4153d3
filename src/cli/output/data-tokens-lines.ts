import { printableText } from '../../lib/printable-text.ts'
import type { DataTokens, LengthSummary } from '../../service/data/data-tokens.ts'
import { histogramLines } from './histogram-lines.ts'
import { countText, plural, secondsText } from './number-text.ts'
import { labelled } from './labelled.ts'
import { tableLines } from './table-lines.ts'

/** Tokens of a file of examples, what is too long, and what a run would take. */
export function dataTokensLines(report: DataTokens): string[] {
  const { file, records, counter, statistics, refused, failed, reused } = report
  const { tokens, beyondLimit } = statistics
  const how =
    counter.kind === 'exact' ? `exact, as ${counter.model} is trained` : `estimate for ${counter.title}`
  const name = printableText(file)
  const again = reused ? ' · counted in an earlier run' : ''
  return [
    `${name} · ${plural(records, 'record')} · ${how}${again}`,
    ...(counter.kind === 'estimate'
      ? labelled('method', [
          ...(counter.note === null ? [] : [counter.note]),
          counter.method,
          ...scriptLines(report),
        ])
      : []),
    ...(refused === 0
      ? []
      : labelled('refused', [
          `${plural(refused, 'record')} with errors, not counted: hone data check ${name}`,
        ])),
    ...(failed === 0
      ? []
      : labelled('refused', [
          `${plural(failed, 'record')} that the chat template does not take, not counted`,
          ...report.failures.slice(0, 5).map(({ message }) => printableText(message)),
        ])),
    '',
    ...tableLines([
      ['tokens', 'mean', 'p50', 'p95', 'longest', 'sum'],
      ...row('record', tokens.record),
      ...row('system prompt', tokens.system),
      ...row('user and marks', tokens.prompt),
      ...row('answer', tokens.answer),
    ]),
    '',
    ...histogramLines(statistics.histogram, beyondLimit.limit ?? undefined),
    '',
    ...labelled('cut', cutLines(report)),
    ...labelled('trained', trainedLines(report)),
    ...labelled('run', [runText(report)]),
    ...labelled('next', [
      counter.kind === 'exact'
        ? `hone data mask ${name} --base ${counter.model}`
        : `hone data check ${name} --for ${counter.profile}`,
    ]),
  ]
}

function row(name: string, lengths: LengthSummary): string[][] {
  if (lengths.count === 0) return []
  const { mean, p50, p95, largest, total } = lengths
  return [[name, ...[mean, p50, p95, largest, total].map(countText)]]
}

function scriptLines({ bytesPerCharacter }: DataTokens): string[] {
  // Most scripts but Latin take two or three bytes a character in UTF-8, and more tokens than a rule for English says.
  return bytesPerCharacter > 1.4
    ? ['much of the text is not in Latin letters: the real number of tokens may be several times this']
    : []
}

function cutLines({ counter, statistics }: DataTokens): string[] {
  const { limit, records, tokens, answersCut, withoutTrained, rows } = statistics.beyondLimit
  const { largest } = statistics.tokens.record
  if (limit === null) return [`no limit is published (longest ${countText(largest)}); --max-tokens shows one`]
  if (records === 0)
    return [`nothing: the longest record has ${countText(largest)} of ${countText(limit)} tokens`]
  const shown = rows.slice(0, 8)
  const named = shown.map(({ line, tokens: length }) => `line ${countText(line)} (${countText(length)})`)
  const rest = records - shown.length
  return [
    `${plural(records, 'record')} of more than ${countText(limit)} tokens, ${countText(tokens)} tokens beyond it: ` +
      `${countText(answersCut)} would lose a part of an answer, ${countText(withoutTrained)} all of it`,
    `${named.join(', ')}${rest > 0 ? ` and ${countText(rest)} more` : ''}`,
    counter.kind === 'exact'
      ? 'hone train never cuts a record: it refuses these, or leaves them out with --drop-long'
      : 'the service refuses such records or cuts them: shorten them, or take them out',
  ]
}

function trainedLines({ statistics, sharedPrefix, run }: DataTokens): string[] {
  const { total, trained, counted, nothingTrained } = statistics
  const percent = total === 0 ? 0 : (100 * trained) / total
  return [
    `${countText(trained)} of ${countText(total)} tokens carry loss (${percent.toFixed(1)} %), the rest is masked`,
    ...(nothingTrained === 0 ? [] : [`${plural(nothingTrained, 'record')} without any trained token`]),
    ...(sharedPrefix !== null && sharedPrefix > 0 && counted > 1
      ? [
          `all records begin with the same ${plural(sharedPrefix, 'token')}: computed once a batch${run.batchSize === null ? '' : ` of ${run.batchSize}`}, not for each record`,
        ]
      : []),
  ]
}

function runText({ run, counter }: DataTokens): string {
  const size = `${plural(run.records, 'record')} × ${plural(run.epochs, 'epoch')} · ${countText(run.tokens)} tokens`
  if (counter.kind === 'exact') {
    return run.seconds === null ? size : `${size} · about ${secondsText(run.seconds)} on this machine`
  }
  return run.usd === null
    ? `${size} · price not known: ${run.priceSource}`
    : `${size} · about USD ${run.usd.toFixed(2)} (${run.priceSource})`
}
