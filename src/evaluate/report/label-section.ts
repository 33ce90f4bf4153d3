import type { CandidateResult, Evaluation } from '../evaluation.ts'
import type { ConfusionMatrix } from '../metrics/confusion-matrix.ts'
import type { FieldResult } from '../metrics/field-accuracy.ts'
import type { LabelResult } from '../metrics/label-results.ts'
import { countText, intervalText, plural, scoreText } from '../number-text.ts'
import { wilsonInterval } from '../statistics/wilson-interval.ts'
import { html, noHtml, type Html } from './html.ts'
import { intervalBar } from './interval-bar.ts'
import { clipped } from '../shortened.ts'
import { calibrationSection } from './calibration-section.ts'
import { fractionText, recordSections } from './detail-tables.ts'
import { scrollBox } from './scroll-box.ts'

/** More labels than these do not fit on a page: those with the most mistakes are drawn, the others counted. */
const mostDrawn = 24

/** Confusion matrix and scores by label, or scores by field or section, of the challenger; nothing for free text. */
export function detailSections(evaluation: Evaluation, challenger: CandidateResult): Html {
  const { labels, confusion, fields, reliability } = challenger
  const other = evaluation.candidates.find(({ id }) => id === evaluation.strongestBaseline)
  if (fields !== undefined) return fieldSection(fields, evaluation.settings.confidence, other)
  if (labels === undefined || confusion === undefined) return recordSections(challenger, other)
  const otherF1 = new Map(other?.labels?.map(({ label, f1 }) => [label, f1]))
  return html`${matrixSection(confusion, clipped(challenger.title, 60))}
    <h2>By label</h2>
    ${scrollBox(
      'Scores by label',
      html`<table>
        <thead>
          <tr>
            <th scope="col">label</th>
            <th scope="col" class="number">rows</th>
            <th scope="col" class="number">answered</th>
            <th scope="col" class="number">precision</th>
            <th scope="col" class="number">recall</th>
            <th scope="col">F1</th>
            ${other === undefined ? noHtml : html`<th scope="col" class="number">F1 of ${clipped(other.title, 30)}</th>`}
          </tr>
        </thead>
        <tbody>
          ${labels.map((each) => labelLine(each, other === undefined ? undefined : (otherF1.get(each.label) ?? null)))}
        </tbody>
      </table>`,
    )}
    ${evaluation.weakestLabel === null ? html`<p class="note">Every label is perfect on these rows.</p>` : noHtml}
    ${reliability === undefined ? noHtml : calibrationSection(reliability)}`
}

/** @param otherF1 of the strongest other candidate; undefined where there is none */
function labelLine(
  { label, support, answered, precision, recall, f1 }: LabelResult,
  otherF1: number | null | undefined,
): Html {
  return html`<tr>
    <th scope="row">${clipped(label, 80)}</th>
    <td class="number">${countText(support)}</td>
    <td class="number">${countText(answered)}</td>
    <td class="number">${fractionText(precision)}</td>
    <td class="number">${fractionText(recall)}</td>
    <td>
      <div class="inline">${fractionText(f1)}${f1 === null ? noHtml : intervalBar(f1, null, 0, 1)}</div>
    </td>
    ${otherF1 === undefined ? noHtml : html`<td class="number">${fractionText(otherF1)}</td>`}
  </tr>`
}

function matrixSection(confusion: ConfusionMatrix, title: string): Html {
  const mistakes = confusion.labels.map((_, at) => {
    const hits = confusion.counts[at]?.[at] ?? 0
    const missed = sum(confusion.counts[at] ?? []) + (confusion.unreadable[at] ?? 0) - hits
    return { at, count: missed + sum(confusion.counts.map((line) => line[at] ?? 0)) - hits }
  })
  const drawn = mistakes
    .toSorted((a, b) => b.count - a.count)
    .slice(0, mostDrawn)
    .map(({ at }) => at)
    .toSorted((a, b) => a - b)
  const left = confusion.labels.length - drawn.length
  const counts = drawn.map((line) => confusion.counts[line] ?? [])
  const elsewhere = counts.reduce(
    (total, line) => total + sum(line) - sum(drawn.map((at) => line[at] ?? 0)),
    0,
  )
  return html`<h2>
      What ${title} answers <small>a line for each expected label, a column for each answer</small>
    </h2>
    ${scrollBox(
      'Confusion matrix',
      html`<table class="matrix">
        <thead>
          <tr>
            <td></td>
            ${drawn.map((at) => html`<th scope="col" class="number" title="${clipped(confusion.labels[at] ?? '', 80)}">${at + 1}</th>`)}
            <th scope="col" class="number" title="unreadable">unread.</th>
          </tr>
        </thead>
        <tbody>
          ${drawn.map((at) => matrixLine(confusion, at, drawn))}
        </tbody>
      </table>`,
    )}
    ${left === 0 ? noHtml : html`<p class="note">The ${drawn.length} labels with the most mistakes of ${confusion.labels.length}; ${plural(elsewhere, 'answer')} to their rows fell on the ${left} labels that are not drawn.</p>`}`
}

function matrixLine(confusion: ConfusionMatrix, line: number, drawn: readonly number[]): Html {
  const counts = confusion.counts[line] ?? []
  const unreadable = confusion.unreadable[line] ?? 0
  const total = Math.max(1, sum(counts) + unreadable)
  const cell = (count: number, kind: string, title: string): Html =>
    html`<td
      class="${count === 0 ? `${kind} none` : kind}"
      style="--share: ${(count / total).toFixed(3)}"
      title="${title}"
    >
      ${count === 0 ? '' : count}
    </td>`
  const name = clipped(confusion.labels[line] ?? '', 80)
  return html`<tr>
    <th scope="row"><span>${line + 1}</span> ${clipped(name, 40)}</th>
    ${drawn.map((at) => cell(counts[at] ?? 0, at === line ? 'right' : 'mistake', `${name} answered ${clipped(confusion.labels[at] ?? '', 80)}`))}${cell(unreadable, 'mistake', `${name} unreadable`)}
  </tr>`
}

function fieldSection(
  fields: readonly FieldResult[],
  confidence: number,
  other: CandidateResult | undefined,
): Html {
  const others = new Map(other?.fields?.map(({ field, right, rows }) => [field, right / rows]))
  return html`<h2>By field</h2>
    ${scrollBox(
      'Scores by field',
      html`<table>
        <thead>
          <tr>
            <th scope="col">field</th>
            <th scope="col" class="number">rows</th>
            <th scope="col" class="number">right</th>
            <th scope="col">share</th>
            <th scope="col" class="number">precision</th>
            <th scope="col" class="number">recall</th>
            <th scope="col" class="number">F1</th>
            ${other === undefined ? noHtml : html`<th scope="col" class="number">share of ${clipped(other.title, 30)}</th>`}
          </tr>
        </thead>
        <tbody>
          ${fields.map(({ field, right, rows, precision, recall, f1 }) => {
            const interval = wilsonInterval(right, rows, confidence)
            const share = others.get(field)
            return html`<tr>
              <th scope="row">${clipped(field, 80)}</th>
              <td class="number">${countText(rows)}</td>
              <td class="number">${countText(right)}</td>
              <td>
                ${scoreText(right / rows, 'percent')}
                <small>${intervalText(interval, 'percent')}</small
                >${intervalBar(right / rows, interval, 0, 1)}
              </td>
              <td class="number">${fractionText(precision)}</td>
              <td class="number">${fractionText(recall)}</td>
              <td class="number">${fractionText(f1)}</td>
              ${other === undefined ? noHtml : html`<td class="number">${share === undefined ? '–' : scoreText(share, 'percent')}</td>`}
            </tr>`
          })}
        </tbody>
      </table>`,
    )}`
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
