import { HoneError } from '../../core/errors.ts'
import type { Decision } from '../../config/decision.ts'
import type { EvaluationTask } from '../../evaluate/evaluation-task.ts'
import type { Metric } from '../../evaluate/metrics/metric.ts'

/**
 * The labels whose probability the metrics need; undefined where none does.
 *
 * @throws HoneError `E_CONFIG` where the answer is more than the label: it has no probability of its own then
 */
export function labelsOf(task: EvaluationTask, metrics: readonly Metric[]): readonly string[] | undefined {
  const metric = metrics.find(({ needs }) => needs === 'label scores')
  if (metric === undefined || task.kind !== 'labels') return undefined
  if (task.field === undefined) return task.labels
  throw new HoneError(
    'E_CONFIG',
    `the metric "${metric.id}" needs the probability of each label, which an answer with a line "${task.field}: …" does not have`,
    { hint: 'leave the metric out, or let the whole answer be the label' },
  )
}

/**
 * The labels whose probabilities decide.
 *
 * @throws HoneError `E_CONFIG` where the task has no labels, or the answer is more than the label
 */
export function labelsToDecide(task: EvaluationTask, decide: Decision): readonly string[] {
  if (task.kind === 'labels' && task.field === undefined) return task.labels
  const hint = 'let the answer as written decide: leave "decide" out'
  if (task.kind !== 'labels')
    throw new HoneError('E_CONFIG', `"decide: ${decide}" is for tasks of labels, this one is ${task.kind}`, {
      hint,
    })
  throw new HoneError(
    'E_CONFIG',
    `"decide: ${decide}" needs the probability of each label, which an answer with a line "${task.field}: …" does not have`,
    { hint },
  )
}
