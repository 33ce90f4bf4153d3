import type { RowForensics } from '../forensics/row-forensics.ts'
import { countText, plural, scoreText } from '../number-text.ts'
import { shortened } from '../shortened.ts'
import type { EvidenceSection } from './evidence-table.ts'

type Suspicious = RowForensics['suspicious'][number]

/** Rows to fix first, and of each other list. */
export const fixFirst = 20
const mostListed = 10
const longest = 160

/** Training rows to look at first, and those most like each wrong row. */
export function forensicsSection(
  { suspicious, failed, neighbours, trained, method }: RowForensics,
  split: string,
): EvidenceSection {
  const first = suspicious.slice(0, fixFirst)
  const ids = new Set(first.map(({ id }) => id))
  const mislabelled = suspicious
    .filter(({ signals, labels }) => signals.includes('label') && labels !== null)
    .toSorted((a, b) => a.labels!.margin - b.labels!.margin)
  const hardest = suspicious
    .filter(({ signals }) => signals.includes('loss'))
    .toSorted((a, b) => b.losses.at(-1)! - a.losses.at(-1)!)
  const texts = new Map(
    neighbours.map(({ id, input, expected }) => [id, `${excerpt(input)} → ${excerpt(expected)}`]),
  )
  return {
    title: 'Training rows to fix',
    about: `${countText(suspicious.length)} of ${plural(trained, 'training row')} stand out`,
    tables: [
      {
        title: first.length === 1 ? 'Fix this one first' : `Fix these ${first.length} first`,
        heads: ['row', 'input', 'answer', 'why'],
        lines: first.map((row) => [placeOf(row), excerpt(row.input), excerpt(row.expected), whyText(row)]),
        isText: true,
      },
      {
        title: `Likely mislabelled${ofAll(mislabelled)}`,
        heads: ['row', 'recorded as', 'probability', 'looks like', 'probability'],
        lines: mislabelled
          .slice(0, mostListed)
          .map((row) => [
            placeOf(row),
            excerpt(row.label ?? row.expected),
            scoreText(row.labels!.given, 'percent'),
            excerpt(row.labels!.likeliest.label),
            scoreText(row.labels!.likeliest.probability, 'percent'),
          ]),
        isText: true,
      },
      {
        title: `Hardest at the end of training${ofAll(hardest)}`,
        heads: ['row', 'input', 'answer', 'loss by epoch'],
        lines: hardest
          .slice(0, mostListed)
          .map((row) => [placeOf(row), excerpt(row.input), excerpt(row.expected), lossesText(row)]),
        isText: true,
      },
      {
        title: `Most like each wrong row${ofAll(failed)}`,
        heads: ['wrong row', 'input', 'expected', 'training rows most like it'],
        lines: failed
          .slice(0, mostListed)
          .map(({ id, input, expected, nearest }) => [
            excerpt(id),
            excerpt(input),
            excerpt(expected),
            nearest
              .map((near) => `${near}${ids.has(near) ? ' (above)' : ''}${quoted(texts.get(near))}`)
              .join('; '),
          ]),
        isText: true,
      },
    ],
    notes: [
      ...(method.labels === null
        ? []
        : [
            `Labels were cross-validated in ${method.labels.folds} folds by a linear model over words, right in ${scoreText(method.labels.accuracy, 'percent')} of rows: the tuned model has seen them and would vouch for them.`,
          ]),
      ...(method.losses === null
        ? []
        : [
            `Losses are nats per trained token, of ${plural(method.losses.epochs, 'epoch')}; the hardest twentieth of rows has ${method.losses.hard.toFixed(2)} or more.`,
          ]),
      'All are reasons to look, not proofs.',
      ...(split === 'test' && failed.length > 0
        ? ['Rows of the test split that training rows are mended by are test rows no longer.']
        : []),
    ],
  }
}

const excerpt = (text: string): string => shortened(text.replaceAll(/\s+/g, ' ').trim(), longest)

const quoted = (text: string | undefined): string => (text === undefined ? '' : ` “${text}”`)

const placeOf = ({ id }: Suspicious): string => excerpt(id)

const ofAll = (list: readonly unknown[]): string =>
  list.length > mostListed ? `, the first ${mostListed} of ${countText(list.length)}` : ''

const lossesText = ({ losses }: Suspicious): string => losses.map((loss) => loss.toFixed(2)).join(' → ')

function whyText(row: Suspicious): string {
  const { signals, labels, failures } = row
  return [
    signals.includes('label') && labels !== null
      ? `looks like ${excerpt(labels.likeliest.label)} (${scoreText(labels.likeliest.probability, 'percent')})`
      : '',
    signals.includes('loss') ? `stayed hard (loss ${row.losses.at(-1)!.toFixed(2)})` : '',
    signals.includes('failures') ? `like ${plural(failures.length, 'row')} that went wrong` : '',
  ]
    .filter((reason) => reason !== '')
    .join('; ')
}
