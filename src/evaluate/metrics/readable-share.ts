import type { ProportionMetric } from './metric.ts'

/** Share of answers that follow the form of the task. */
export const readableShare: ProportionMetric = {
  id: 'readable',
  title: 'readable',
  format: 'percent',
  definition: 'the share of answers that follow the form that is asked for',
  kind: 'proportion',
  isRight: ({ answer }) => answer.readable,
}

/** Share of answers that are JSON and nothing else. */
export const jsonValid: ProportionMetric = {
  ...readableShare,
  id: 'json-valid',
  title: 'JSON valid',
  definition: 'the share of answers that are JSON and nothing else',
}
