import type { Evaluation } from '../evaluation.ts'
import type { EvaluationTask, TaskKind } from '../evaluation-task.ts'
import { confidenceText, countText, plural } from '../number-text.ts'
import { clipped } from '../shortened.ts'
import { html, type Html } from './html.ts'

/** How every number of the report came about. */
export function methodSection(evaluation: Evaluation): Html {
  const { task, rows, split, settings, metrics } = evaluation
  const kinds = new Set(metrics.map(({ kind }) => kind))
  const level = confidenceText(settings.confidence)
  const texts = [
    `Every candidate answered the same ${plural(rows, 'row')} of the ${clipped(split, 60)} split. ${readingText(task)}`,
    ...metrics.map(
      ({ title, definition, lowerIsBetter }) =>
        `${title}: ${definition}${lowerIsBetter === true ? '; less is better' : ''}.`,
    ),
    ...(kinds.has('proportion')
      ? [
          `Shares of rows have Wilson’s score interval (${level}); their paired differences have Tango’s score interval, and McNemar’s exact two-sided test on the rows that only one candidate gets right.`,
        ]
      : []),
    ...(kinds.has('mean') || kinds.has('sample')
      ? [
          `The other scores have a bias-corrected and accelerated bootstrap interval of ${countText(settings.resamples)} resamples of rows, seed ${settings.seed}; differences are resampled in pairs, and tested by swapping the answers of the two candidates row by row, or by the bootstrap where only all rows together have the score. “No spread” means that every resample gives the same number.`,
        ]
      : []),
    ...(metrics[0].kind === 'sample'
      ? [
          `${metrics[0].title} is a score of all rows together: the rows that changed are those that are right with one candidate only.`,
        ]
      : []),
    `“Better” and “worse” need both: an interval of the ${metrics[0].title} difference without zero, and p below ${Number((1 - settings.confidence).toFixed(6))} after Holm’s adjustment for all metrics and candidates. “Not enough rows” means that a difference that matters would probably not have been seen. The verdict at the top is against the other candidate with the highest ${metrics[0].title}.`,
    'Tokens are means per query. Latency is the time to the whole answer on the machine of the run, with its batching.',
    ...priceTexts(evaluation),
    'Refusals are told by their English wording.',
  ]
  return html`<h2>How this was computed</h2>
    <ul class="method">
      ${texts.map((text) => html`<li>${text}</li>`)}
    </ul>`
}

function readingText(task: EvaluationTask): string {
  if (task.kind !== 'labels') return readingTexts[task.kind]
  const where =
    task.field === undefined
      ? 'The whole answer is the label'
      : `The label stands in the line “${task.field}: …”`
  return `${where}; case, white space, quotes and closing punctuation are free. An answer that cannot be read counts as wrong.`
}

const readingTexts: Readonly<Record<Exclude<TaskKind, 'labels'>, string>> = {
  text: 'An empty answer counts as wrong.',
  json: 'An answer must be JSON and nothing else; any other answer counts as wrong.',
  'tool-calls':
    'Calls are JSON with name and arguments, in tool_call tags or not; an answer of text calls nothing. What begins like a call and is none counts as wrong.',
  spans: 'Spans are a JSON list, or an object with a list for each label; any other answer counts as wrong.',
  codes:
    'Codes stand in a JSON list, or with commas, semicolons or line breaks between them; case and dot are free. Words beside them make an answer wrong.',
}

function priceTexts({ candidates }: Evaluation): string[] {
  const texts = candidates.flatMap(({ title, cost }) =>
    cost === null
      ? []
      : `${clipped(title, 60)}: $${cost.price.input} and $${cost.price.output} for a million tokens in and out (${cost.price.source})`,
  )
  if (texts.length === 0) return []
  return [
    `Cost is that of 1,000 queries of the mean number of tokens, without discounts. ${texts.join('; ')}.`,
  ]
}
