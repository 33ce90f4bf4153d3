import type { CandidateResult, Comparison, EvaluatedMetric, Evaluation } from '../evaluation.ts'
import {
  confidenceText,
  costText,
  countText,
  differenceIntervalText,
  differenceText,
  durationText,
  intervalText,
  pValueText,
  scoreText,
  tokensText,
} from '../number-text.ts'
import type { Latency } from '../operations.ts'
import { clipped, shortened } from '../shortened.ts'
import { effectNames } from '../comparison/comparison-lines.ts'
import { moreRowsShow } from '../comparison/compare-figure.ts'
import { constraintAdvice } from './constraint-advice.ts'
import { html, noHtml, type Html } from './html.ts'
import { intervalBar } from './interval-bar.ts'
import { lookText, unusableText } from './report-lines.ts'

/** The table of scores with their intervals drawn, and what could not be read or was cut. */
export function scoreSection(evaluation: Evaluation): Html {
  const { candidates, challenger, settings, metrics } = evaluation
  const priced = candidates.some(({ cost }) => cost !== null)
  const notes = candidates
    .map((candidate) => ({
      title: clipped(candidate.title, 60),
      text: [ruleText(candidate), unusableText(candidate)].filter((text) => text !== '').join('; '),
    }))
    .filter(({ text }) => text !== '')
  const advice = constraintAdvice(evaluation)
  return html`<h2>
      Scores
      <small>${lookText(evaluation)}, ${confidenceText(settings.confidence)} intervals</small>
    </h2>
    <div class="scroll" role="region" aria-label="Scores" tabindex="0">
      <table class="stack">
        <thead>
          <tr>
            <th>candidate</th>
            ${metrics.map(({ title }) => html`<th>${title}</th>`)}
            <th class="number">tokens in / out</th>
            <th class="number">latency p50 / p95 / p99</th>
            ${priced ? html`<th class="number">cost of 1,000</th>` : noHtml}
          </tr>
        </thead>
        <tbody>
          ${candidates.map((each) => candidateLine(each, metrics, each.id === challenger, priced))}
        </tbody>
      </table>
    </div>
    ${notes.map(({ title, text }) => html`<p class="note">${title}: ${text}.</p>`)}
    ${advice === '' ? noHtml : html`<p class="note">${advice}</p>`}`
}

function candidateLine(
  candidate: CandidateResult,
  metrics: readonly EvaluatedMetric[],
  isChallenger: boolean,
  priced: boolean,
): Html {
  const { title, description, scores, tokensPerQuery, latencyMs, firstTokenMs, cost } = candidate
  return html`<tr class="${isChallenger ? 'challenger' : 'other'}">
    <th scope="row">${clipped(title, 60)}<small>${shortened(description, 300)}</small></th>
    ${metrics.map((metric, at) => {
      const { value, interval } = scores[at]!
      const range = interval === null ? 'no spread' : intervalText(interval, metric.format)
      return html`<td data-head="${metric.title}">
        ${scoreText(value, metric.format)} <small>${range}</small>${intervalBar(value, interval, 0, 1)}
      </td>`
    })}
    <td class="number" data-head="tokens in / out">${tokensText(tokensPerQuery)}</td>
    <td class="number" data-head="latency p50 / p95 / p99">
      ${latencyText(latencyMs)}${firstTokenMs === null ? noHtml : html`<small>first token ${latencyText(firstTokenMs)}</small>`}
    </td>
    ${priced ? html`<td class="number" data-head="cost of 1,000" title="${cost?.price.source ?? ''}">${cost === null ? '–' : costText(cost.usdPerThousand)}</td>` : noHtml}
  </tr>`
}

function latencyText(latency: Latency | null): string {
  if (latency === null) return '–'
  const { p50, p95, p99, rows } = latency
  return `${[p50, p95, p99].map(durationText).join(' / ')} (n=${rows})`
}

/** The challenger against each other candidate. */
export function comparisonSection(evaluation: Evaluation): Html {
  if (evaluation.comparisons.length === 0) return noHtml
  const { metrics } = evaluation
  const titles = new Map(evaluation.candidates.map(({ id, title }) => [id, clipped(title, 60)]))
  const flips = metrics[0].kind === 'mean' ? 'rows better / worse' : 'rows won / lost'
  return html`<h2>
      ${titles.get(evaluation.challenger) ?? ''} against the others
      <small
        >the same rows, pair by pair; p adjusted for
        ${countText(evaluation.comparisons.length * metrics.length)} comparisons</small
      >
    </h2>
    <div class="scroll" role="region" aria-label="Comparisons" tabindex="0">
      <table class="stack">
        <thead>
          <tr>
            <th>against</th>
            ${metrics.map(({ title }) => html`<th>difference in ${title}</th>`)}
            <th class="number">${flips}</th>
            <th class="number">${testName(evaluation.comparisons[0]!)}</th>
            <th class="number">prompt tokens</th>
            <th>verdict</th>
          </tr>
        </thead>
        <tbody>
          ${evaluation.comparisons.map((each) => comparisonLine(each, metrics, titles.get(each.baseline) ?? each.baseline, flips))}
        </tbody>
      </table>
    </div>`
}

function comparisonLine(
  comparison: Comparison,
  metrics: readonly EvaluatedMetric[],
  title: string,
  flips: string,
): Html {
  const { differences, promptTokenChange, verdict } = comparison
  const { moreRows, value: seen } = differences[0]!
  const shown = moreRowsShow(differences[0]!)
  const tells = Math.abs(seen) > shown ? `show ${differenceText(shown, metrics[0]!)}` : 'tell'
  return html`<tr>
    <th scope="row">${title}</th>
    ${metrics.map((metric, at) => {
      const { value, interval, adjustedP, effects } = differences[at]!
      const range = interval === null ? 'no spread' : differenceIntervalText(interval, metric.format)
      const effect =
        effects[0] === undefined ? '' : `; ${effectNames[effects[0].name]} ${effects[0].value.toFixed(2)}`
      return html`<td
        data-head="${metric.title}"
        class="${isLoss(value, metric) ? 'wrong' : 'gain'}"
        title="${pValueText(adjustedP)}${effect}"
      >
        ${signedText(value, metric)} <small>${range}</small>${intervalBar(value, interval, -1, 1)}
      </td>`
    })}
    <td class="number" data-head="${flips}">
      ${countText(comparison.flips.gained)} / ${countText(comparison.flips.lost)}
    </td>
    <td class="number" data-head="${testName(comparison)}">${pValueText(differences[0]!.adjustedP)}</td>
    <td class="number" data-head="prompt tokens">${changeOf(promptTokenChange)}</td>
    <td data-head="verdict">
      ${verdict}${moreRows === null || moreRows === 0 || verdict === 'better' || verdict === 'worse' ? noHtml : html` <small>about ${countText(moreRows)} more rows would ${tells}</small>`}
    </td>
  </tr>`
}

const changeOf = (change: number | null): string =>
  change === null ? '–' : `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change * 100).toFixed(0)} %`

const testName = ({ differences }: Comparison): string => {
  const { name } = differences[0]!.test
  return name === 'mcnemar' ? 'McNemar, exact' : `${name} test`
}

const isLoss = (value: number, { lowerIsBetter = false }: EvaluatedMetric): boolean =>
  lowerIsBetter ? value > 0 : value < 0

function signedText(value: number, { format }: EvaluatedMetric): string {
  const size =
    format === 'percent' ? `${(Math.abs(value) * 100).toFixed(1)} points` : Math.abs(value).toFixed(2)
  return `${value < 0 ? '−' : value > 0 ? '+' : ''}${size}`
}

/** How labels were decided where the answer as written does not decide. */
export function ruleText({ labelRule }: CandidateResult): string {
  if (labelRule === undefined) return ''
  const { tau, chosenOn } = labelRule
  if (chosenOn === null) return 'the likeliest label decides'
  return `the likeliest label decides, with rare labels made up for (τ = ${tau}, chosen on ${countText(chosenOn.rows)} rows of the ${chosenOn.split} split)`
}
