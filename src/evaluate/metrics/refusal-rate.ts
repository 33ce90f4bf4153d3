import { refusalIn } from '../safety/refusal-in.ts'
import type { ProportionMetric } from './metric.ts'

/** Share of answers that refuse. */
export const refusalRate: ProportionMetric = {
  id: 'refusal-rate',
  title: 'refusals',
  format: 'percent',
  definition: 'the share of answers that refuse, told by their English wording',
  kind: 'proportion',
  lowerIsBetter: true,
  isRight: ({ answer, given }) =>
    refusalIn(given?.answer ?? (answer.readable ? answer.read : '')) !== undefined,
}
