import { printableText } from '../../lib/printable-text.ts'
import { sizeText } from '../comparison/figure-text.ts'
import type { Evaluation } from '../evaluation.ts'
import { plural, scoreText } from '../number-text.ts'

/** What the repeats of sampled candidates say, for a terminal; nothing where there are none. */
export function repeatLines(evaluation: Evaluation): string[] {
  return evaluation.candidates.flatMap(({ title, repeated }) => {
    if (repeated === undefined) return []
    const { repeats, allRight, anyRight, undecidedRows, spread } = repeated
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
