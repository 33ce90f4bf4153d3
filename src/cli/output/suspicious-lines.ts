import { printableText } from '../../lib/printable-text.ts'
import type { SuspiciousRows } from '../../service/evaluation/suspicious-rows.ts'
import { countText, plural } from './number-text.ts'

/** At most so many characters of a text. */
const longest = 160

type Row = SuspiciousRows['suspicious'][number]

/** "Fix these first": a paragraph for each training row, then the failed rows with what is most like them. */
export function suspiciousLines(found: SuspiciousRows, limit: number): string[] {
  const { suspicious, trained, method, notes, failed, split } = found
  const shown = suspicious.slice(0, limit)
  const byId = new Map(suspicious.map((row) => [row.id, row]))
  const { labels, losses } = method
  return [
    ...(shown.length === 0
      ? ['No training row stands out.', '']
      : [`Fix these ${shown.length} first:`, '', ...shown.flatMap((row, at) => rowLines(row, at, method))]),
    ...(failed.length === 0
      ? []
      : [
          `The training rows most like the ${plural(failed.length, 'wrong row')} of the ${split} split:`,
          '',
          ...failed
            .slice(0, limit)
            .flatMap(({ id, input, expected, nearest }) => [
              `  ${printableText(id)}  ${excerpt(input)}`,
              `    expected ${excerpt(expected)}; like ${nearest
                .map((each) => `${printableText(each)}${byId.has(each) ? ' (above)' : ''}`)
                .join(', ')}`,
            ]),
          '',
        ]),
    `${countText(suspicious.length)} of ${plural(trained, 'training row')} stand out${suspicious.length > shown.length ? `, the first ${shown.length} are here; --limit shows more` : ''}`,
    ...(labels === null
      ? []
      : [
          `labels    cross-validated in ${labels.folds} folds by a linear model over words, right in ${Math.round(labels.accuracy * 100)} % of rows: the tuned model has seen them`,
        ]),
    ...(losses === null
      ? []
      : [
          `losses    of ${plural(losses.epochs, 'epoch')} of training; hard is ${losses.hard.toFixed(2)} and more`,
        ]),
    ...notes.map((note) => `note      ${printableText(note)}`),
  ]
}

function rowLines(row: Row, at: number, { losses }: SuspiciousRows['method']): string[] {
  const { id, input, expected, signals, labels, losses: own, failures } = row
  const epochs = own.map((loss) => loss.toFixed(2)).join(' → ')
  return [
    `${String(at + 1).padStart(2)}  ${printableText(id)}`,
    `    input     ${excerpt(input)}`,
    `    answer    ${excerpt(expected)}`,
    ...(signals.includes('label') && labels !== null
      ? [
          `    label     looks like ${printableText(labels.likeliest.label)} (${percent(labels.likeliest.probability)}), its own has ${percent(labels.given)}`,
        ]
      : []),
    ...(losses !== null && own.length > 0
      ? [`    loss      ${epochs}${signals.includes('loss') ? ', among the hardest' : ''}`]
      : []),
    ...(failures.length === 0
      ? []
      : [
          `    like      ${failures
            .slice(0, 5)
            .map((each) => printableText(each))
            .join(', ')}, which went wrong`,
        ]),
    '',
  ]
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

function excerpt(content: string): string {
  const line = printableText(content.replaceAll(/\s+/g, ' ').trim())
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}
