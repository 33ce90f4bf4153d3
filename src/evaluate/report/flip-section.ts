import { wordDiff, type DiffRun } from '../../lib/word-diff.ts'
import type { CandidateResult, ChangedRow, Evaluation } from '../evaluation.ts'
import { countText } from '../number-text.ts'
import { clipped, shortened } from '../shortened.ts'
import { html, noHtml, type Html } from './html.ts'

const longest = { input: 600, answer: 500 }

/** The rows that changed from the strongest other candidate to the challenger, those that were lost first. */
export function flipSection(evaluation: Evaluation, challenger: CandidateResult): Html {
  const main = evaluation.comparisons.find(({ baseline }) => baseline === evaluation.strongestBaseline)
  const baseline = evaluation.candidates.find(({ id }) => id === main?.baseline)
  if (main === undefined || baseline === undefined || main.changedRows.length === 0) return noHtml
  const { gained, lost } = main.flips
  const title = clipped(baseline.title, 60)
  const part = (change: ChangedRow['change'], count: number): Html => {
    const rows = main.changedRows.filter((row) => row.change === change)
    if (rows.length === 0) return noHtml
    const shown = rows.length < count ? `, the first ${countText(rows.length)}` : ''
    return html`<h3 class="part">
        ${change === 'lost' ? 'Lost' : 'Gained'} <small>${countText(count)}${shown}</small>
      </h3>
      ${rows.map((row) => flipArticle(row, evaluation, baseline, challenger))}`
  }
  return html`<h2>Rows that changed <small>from ${title} to ${clipped(challenger.title, 60)}</small></h2>
    ${part('lost', lost)} ${part('gained', gained)}`
}

function flipArticle(
  { exampleId, change }: ChangedRow,
  { examples }: Evaluation,
  baseline: CandidateResult,
  challenger: CandidateResult,
): Html {
  const at = examples.findIndex(({ id }) => id === exampleId)
  const example = examples[at]
  const [before = '', after = ''] = [baseline, challenger].map(({ rows }) =>
    shortened(rows[at]?.answer ?? '', longest.answer),
  )
  if (example === undefined) return noHtml
  return html`<article class="${change}">
    <h4>${clipped(exampleId, 120)}</h4>
    <dl>
      <dt>input</dt>
      <dd dir="auto">${shortened(example.input, longest.input)}</dd>
      <dt>expected</dt>
      <dd dir="auto">${shortened(example.expected, longest.answer)}</dd>
      <dt>${clipped(baseline.title, 30)} → ${clipped(challenger.title, 30)}</dt>
      <dd dir="auto">${diffed(before, after)}</dd>
    </dl>
  </article>`
}

const diffed = (before: string, after: string): Html[] =>
  wordDiff(before, after).map(({ kind, text }) => marks[kind](text))

const marks: Readonly<Record<DiffRun['kind'], (text: string) => Html>> = {
  same: (text) => html`${text}`,
  removed: (text) => html`<del>${text}</del>`,
  added: (text) => html`<ins>${text}</ins>`,
}
