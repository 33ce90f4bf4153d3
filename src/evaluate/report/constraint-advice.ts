import type { Evaluation } from '../evaluation.ts'
import { countText, plural } from '../number-text.ts'
import { clipped } from '../shortened.ts'

/** Fewer are not worth a line. */
const worthSaying = 0.02

/**
 * How the challenger's unreadable answers could not have been written at all; empty where they are few, were cut, or belong
 * to a task that no constraint can be made of.
 */
export function constraintAdvice({ candidates, challenger, task, rows }: Evaluation): string {
  const forms = task.kind === 'json' ? 'the schema' : task.kind === 'labels' ? 'the labels' : undefined
  if (forms === undefined || (task.kind === 'labels' && task.field !== undefined)) return ''
  const candidate = candidates.find(({ id }) => id === challenger)
  // Answers at other addresses are not ours to keep to anything.
  if (candidate?.model === undefined || candidate.labelRule !== undefined) return ''
  const { title, unreadable, cut, failed } = candidate
  const avoidable = unreadable.count - cut - failed
  if (avoidable < worthSaying * rows) return ''
  return (
    `${plural(avoidable, 'answer')} of ${clipped(title, 60)}, ${countText((100 * avoidable) / rows)} %, could not have been ` +
    `written if kept to ${forms}: add { id: tuned-kept, model: tuned, constrain: task } to evaluation.candidates.`
  )
}
