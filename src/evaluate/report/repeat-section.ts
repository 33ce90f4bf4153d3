import { sizeText } from '../comparison/figure-text.ts'
import type { Evaluation } from '../evaluation.ts'
import { confidenceText, countText, intervalText, plural, scoreText } from '../number-text.ts'
import type { RepeatSummary } from '../repeated-answers.ts'
import { clipped } from '../shortened.ts'
import type { EvidenceSection } from './evidence-table.ts'

/** More values of k than these do not help: the first, the powers of two, and the last are shown. */
const mostShown = 8

/** What several answers to each row say of the candidates that were asked for them. */
export function repeatSection({ candidates, metrics, rows, settings }: Evaluation): EvidenceSection {
  const repeated = candidates.flatMap(({ title, repeated: summary }) =>
    summary === undefined ? [] : [{ title: clipped(title, 60), summary }],
  )
  return {
    title: 'Asked repeatedly',
    about: `the same rows with other seeds, ${confidenceText(settings.confidence)} intervals`,
    tables: [
      {
        title: 'Right in k answers',
        heads: ['candidate', 'k', 'all right (pass^k)', 'any right (pass@k)'],
        lines: repeated.flatMap(({ title, summary }) =>
          shownOf(summary).map((at) => [
            title,
            String(summary.allRight[at]!.k),
            shareText(summary.allRight[at]!),
            shareText(summary.anyRight[at]!),
          ]),
        ),
      },
      {
        title: 'From repeat to repeat',
        heads: ['candidate', 'figure', 'mean', 'lowest', 'highest', 'standard deviation'],
        lines: repeated.flatMap(({ title, summary }) =>
          summary.spread.flatMap(({ metric, values, mean, standardDeviation }) => {
            const texts = metrics.find(({ id }) => id === metric)
            if (texts === undefined) return []
            const text = (value: number): string => scoreText(value, texts.format)
            return [
              [
                title,
                texts.title,
                text(mean),
                text(Math.min(...values)),
                text(Math.max(...values)),
                sizeText(standardDeviation, texts.format),
              ],
            ]
          }),
        ),
      },
    ],
    notes: repeated.map(
      ({ title, summary }) =>
        `${title}: ${countText(summary.repeats)} answers to each row; ${countText(summary.undecidedRows)} of ${plural(rows, 'row')} are neither always right nor always wrong.`,
    ),
  }
}

function shownOf({ repeats }: RepeatSummary): number[] {
  const all = Array.from({ length: repeats }, (_, at) => at)
  return repeats <= mostShown
    ? all
    : all.filter((at) => Number.isInteger(Math.log2(at + 1)) || at === repeats - 1)
}

const shareText = ({ value, interval }: RepeatSummary['allRight'][number]): string =>
  `${scoreText(value, 'percent')} (${interval === null ? 'no spread' : intervalText(interval, 'percent')})`
