import type { CandidateResult, Evaluation, WorstRow } from '../evaluation.ts'
import { countText, scoreText } from '../number-text.ts'
import { html, noHtml, type Html } from './html.ts'
import { clipped, shortened } from '../shortened.ts'
import { wrongText } from './report-lines.ts'

const longest = { input: 1_500, answer: 800 }

/** The wrong rows that are worth a look, with input, expected answer and answer. */
export function rowSection(evaluation: Evaluation, challenger: CandidateResult): Html {
  const { rows, wrong } = evaluation.worstRows
  const shown = rows.length < wrong ? ` The first ${countText(rows.length)} are here.` : ''
  return html`<h2>Rows to look at <small>${wrongText(evaluation)}${shown}</small></h2>
    ${rows.map((row) => rowArticle(row, evaluation, challenger))}
    ${rows.some(({ surprise }) => surprise !== null) ? html`<p class="note">First those whose expected answer surprises the model most. “Looks mislabelled” means that the model is at least 90 % sure of another label: a reason to look, not a proof.</p>` : noHtml}`
}

function rowArticle(row: WorstRow, evaluation: Evaluation, challenger: CandidateResult): Html {
  const example = evaluation.examples.find(({ id }) => id === row.exampleId)
  const answer = challenger.rows.find(({ exampleId }) => exampleId === row.exampleId)
  if (example === undefined || answer === undefined) return noHtml
  const { likeliest } = row
  const facts = [
    answer.unreadable === undefined ? '' : `unreadable: ${answer.unreadable}`,
    answer.finishReason === 'length' ? 'cut at the token limit' : '',
    likeliest === null
      ? ''
      : `${scoreText(likeliest.probability, 'percent')} for ${clipped(likeliest.label, 80)}`,
    row.surprise === null ? '' : `surprise ${row.surprise.toFixed(1)} nats`,
  ].filter((fact) => fact !== '')
  return html`<article class="${row.looksMislabelled ? 'suspect' : 'wrong-row'}">
    <h3>
      ${clipped(row.exampleId, 120)}${facts.map((fact) => html` · ${fact}`)}${row.looksMislabelled ? html` · <strong>looks mislabelled</strong>` : noHtml}
    </h3>
    <dl>
      <dt>input</dt>
      <dd dir="auto">${shortened(example.input, longest.input)}</dd>
      <dt>expected</dt>
      <dd dir="auto">${shortened(example.expected, longest.answer)}</dd>
      <dt>${clipped(challenger.title, 60)}</dt>
      <dd dir="auto">${shortened(answer.answer, longest.answer)}</dd>
    </dl>
  </article>`
}
