import type { TaskKind } from '../evaluation-task.ts'
import { accuracy, jsonExactMatch, textExactMatch } from './exact-match.ts'
import { fieldAccuracy } from './field-accuracy.ts'
import { macroF1 } from './macro-f1.ts'
import type { Metric, ProportionMetric } from './metric.ts'
import { tokenF1 } from './token-f1.ts'

/** The metrics of each kind of task. The first one is the headline: the verdict rests on it. */
export const taskMetrics: Record<TaskKind, readonly [Metric, ...Metric[]]> = {
  labels: [accuracy, macroF1],
  json: [jsonExactMatch, fieldAccuracy],
  text: [tokenF1, textExactMatch],
}

/** What makes a row right. */
export const rightAnswer: Record<TaskKind, ProportionMetric> = {
  labels: accuracy,
  json: jsonExactMatch,
  text: textExactMatch,
}
