import { printableText } from '../../lib/printable-text.ts'
import { sizeText } from '../comparison/figure-text.ts'
import type { Evaluation } from '../evaluation.ts'
import { plural, scoreText } from '../number-text.ts'
import { repeatSummary } from '../repeated-answers.ts'
import type { Metric } from '../metrics/metric.ts'

/** What the repeats of sampled candidates say, for a terminal; nothing where there are none. */
export function repeatLines(
  evaluation: Evaluation,
  options: { readonly moreMetrics?: readonly Metric[] } = {},
): string[] {
  return evaluation.candidates.flatMap(({ id, title }) => {
    const summary = repeatSummary(evaluation, id, options)
    if (summary === undefined) return []
    const { repeats, allRight, anyRight, undecidedRows, spread } = summary
    const name = printableText(title)
    const [headline] = spread
    const metric = evaluation.metrics.find((each) => each.id === headline?.metric)
    return [
      `${name}, ${repeats} answers to each row: all right ${share(allRight.at(-1)?.value)}, ` +
        `any right ${share(anyRight.at(-1)?.value)}, one by one ${share(allRight[0]?.value)}; ` +
        `${undecidedRows} of ${plural(evaluation.rows, 'row')} not always the same`,
      ...(headline === undefined || metric === undefined
        ? []
        : [
            `${name}, ${metric.title} between repeats: ${scoreText(Math.min(...headline.values), metric.format)} ` +
              `to ${scoreText(Math.max(...headline.values), metric.format)}, ` +
              `standard deviation ${sizeText(headline.standardDeviation, metric.format)}`,
          ]),
    ]
  })
}

const share = (value: number | undefined): string => scoreText(value ?? Number.NaN, 'percent')
