import type { Evaluation } from '../evaluation.ts'
import { plural } from '../number-text.ts'
import { chartStyle } from './chart-style.ts'
import { changeText } from './change-text.ts'
import type { RowForensics } from '../forensics/row-forensics.ts'
import { evidenceSection } from './evidence-table.ts'
import { measuredSections, trainingSections } from './evidence-sections.ts'
import { flipSection } from './flip-section.ts'
import { html, noHtml, type Html } from './html.ts'
import { detailSections } from './label-section.ts'
import { lossSection, type TrainingCurve } from './loss-curve.ts'
import { methodSection } from './method-section.ts'
import { paretoSection } from './pareto-section.ts'
import type { SafetyReport } from '../safety/score-safety.ts'
import { clipped, shortened } from '../shortened.ts'
import { reportStyle } from './report-style.ts'
import { weakestText, wrongText } from './report-lines.ts'
import { rowSection } from './row-section.ts'
import { comparisonSection, scoreSection } from './score-section.ts'

/** What the report shows. */
export interface ReportContent {
  /** Name of the run, `claims-router` for one. */
  readonly title: string
  readonly evaluation: Evaluation
  readonly training?: TrainingCurve
  /** What the safety suite says of the challenger and its base, where they were asked. */
  readonly safety?: SafetyReport
  /** Training rows that stand out, where they were looked for. */
  readonly forensics?: RowForensics
  /** Settings, hashes, seeds and versions, as groups of name and value. */
  readonly facts?: readonly FactGroup[]
}

export interface FactGroup {
  readonly title: string
  readonly facts: readonly { readonly name: string; readonly value: string | number | boolean }[]
}

/**
 * The report as one HTML file. It loads nothing, runs nothing, and shows every text of data and models as text; a
 * content security policy forbids the rest.
 */
export function reportHtml(report: ReportContent): string {
  const { evaluation, title } = report
  const challenger = evaluation.candidates.find(({ id }) => id === evaluation.challenger)
  if (challenger === undefined)
    throw new RangeError(`no candidate ${evaluation.challenger} in the evaluation`)
  const change = changeText(evaluation)
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${clipped(title, 80)} · evaluation</title>
        ${reportStyle} ${chartStyle}
      </head>
      <body>
        <header>
          <p>
            ${clipped(title, 120)} · ${plural(evaluation.rows, 'row')} ·
            ${plural(evaluation.candidates.length, 'candidate')}
          </p>
          ${headline(evaluation)} ${change === '' ? noHtml : html`<p class="change">${unbroken(change)}</p>`}
          <p class="detail">
            ${[weakestText(evaluation.weakestLabel), wrongText(evaluation)].filter((text) => text !== '').join(' ')}
          </p>
        </header>
        <main>
          ${scoreSection(evaluation)} ${paretoSection(evaluation)} ${comparisonSection(evaluation)}
          ${measuredSections(report).map(evidenceSection)} ${detailSections(evaluation, challenger)}
          ${report.training === undefined ? noHtml : lossSection(report.training)}
          ${flipSection(evaluation, challenger)} ${rowSection(evaluation, challenger)}
          ${trainingSections(report).map(evidenceSection)} ${factSection(report.facts ?? [])}
          ${methodSection(evaluation)}
        </main>
      </body>
    </html> `
  return page.markup
}

/** A percent sign, a number and its relation stay on one line. */
const unbroken = (text: string): string => text.replaceAll(/ (?=[%<=])|(?<=[<=]) /g, '\u00a0')

/** The verdict, its first word in colour; the title of the only candidate where nothing is compared. */
function headline({ comparisons, strongestBaseline, candidates }: Evaluation): Html {
  const main = comparisons.find(({ baseline }) => baseline === strongestBaseline)
  if (main === undefined)
    return html`<h1>${clipped(candidates[0]?.title ?? '', 60)}, compared with nothing</h1>`
  const sentence = unbroken(main.sentence)
  const colon = sentence.indexOf(':')
  const evidence = sentence.lastIndexOf(' (')
  return html`<h1>
    <b class="${main.verdict.replaceAll(' ', '-')}">${sentence.slice(0, colon + 1)}</b>
    ${sentence.slice(colon + 2, evidence)}
    <span>${sentence.slice(evidence + 1)}</span>
  </h1>`
}

function factSection(groups: readonly FactGroup[]): Html {
  if (groups.length === 0) return noHtml
  const group = ({ title, facts }: FactGroup): Html =>
    html`<div>
      <h3>${clipped(title, 80)}</h3>
      <dl>
        ${facts.map(
          ({ name, value }) =>
            html`<dt>${clipped(name, 80)}</dt>
              <dd>${shortened(String(value), 400)}</dd>`,
        )}
      </dl>
    </div>`
  return html`<h2>Settings</h2>
    <div class="facts">${groups.map(group)}</div>`
}
