import type { Evaluation } from '../evaluation.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import { taskMetrics } from '../metrics/task-metrics.ts'
import { confidenceText, countText, plural } from '../number-text.ts'
import { clipped } from '../shortened.ts'
import { html, type Html } from './html.ts'

/** How every number of the report came about. */
export function methodSection(evaluation: Evaluation): Html {
  const { task, rows, split, settings } = evaluation
  const metrics = taskMetrics[task.kind]
  const kinds = new Set(metrics.map(({ kind }) => kind))
  const level = confidenceText(settings.confidence)
  const texts = [
    `Every candidate answered the same ${plural(rows, 'row')} of the ${clipped(split, 60)} split. ${readingText(task)}`,
    ...metrics.map(({ title, definition }) => `${title}: ${definition}.`),
    ...(kinds.has('proportion')
      ? [
          `Shares of rows have Wilson’s score interval (${level}); their paired differences have Tango’s score interval, and the exact two-sided McNemar test on the rows that only one candidate gets right.`,
        ]
      : []),
    ...(kinds.has('mean') || kinds.has('sample')
      ? [
          `The other scores have a bias-corrected and accelerated bootstrap interval of ${countText(settings.resamples)} resamples of rows, seed ${settings.seed}; differences are resampled in pairs. “No spread” means that every resample gives the same number.`,
        ]
      : []),
    `“Better” and “worse” need both: an interval of the ${metrics[0].title} difference without zero, and p below ${Number((1 - settings.confidence).toFixed(6))}. The verdict at the top is against the other candidate with the highest ${metrics[0].title}.`,
    'Tokens are means per query. Latency is the time to the whole answer on the machine of the run, with its batching.',
  ]
  return html`<h2>How this was computed</h2>
    <ul class="method">
      ${texts.map((text) => html`<li>${text}</li>`)}
    </ul>`
}

function readingText(task: EvaluationTask): string {
  if (task.kind === 'text') return 'An empty answer counts as wrong.'
  if (task.kind === 'json')
    return 'An answer must be JSON and nothing else; any other answer counts as wrong.'
  const where =
    task.field === undefined
      ? 'The whole answer is the label'
      : `The label stands in the line “${task.field}: …”`
  return `${where}; case, white space, quotes and closing punctuation are free. An answer that cannot be read counts as wrong.`
}
