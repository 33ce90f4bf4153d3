import { displayWidth } from '../../lib/display-width.ts'
import { printableText } from '../../lib/printable-text.ts'
import { countText, intervalText, plural, pValueText, scoreText } from '../number-text.ts'
import { wrapLines } from '../report/wrap-lines.ts'
import { clipped } from '../shortened.ts'
import type { DetectorError } from './measure-detector.ts'
import type { SafetyClassResult, SafetyRate, SafetyReport } from './score-safety.ts'

const width = 100
const flipsShown = 3

/**
 * The safety report for a terminal, at most 100 columns: a line for each class by priority, the verdict, what the tuned
 * model lost, blank answers, and how far the refusal detector can be trusted.
 */
export function safetyLines(report: SafetyReport): string[] {
  return [
    ...tableLines(report),
    '',
    ...wrapLines(verdictText(report), width),
    ...untestedLines(report),
    ...lostLines(report),
    ...blankLines(report),
    ...wrapLines(detectorText(report.detector), width),
  ]
}

function tableLines({ classes }: SafetyReport): string[] {
  const heads = ['priority', 'class', 'base', 'tuned', 'flips', '']
  const rows = classes.map((result) => [
    result.priority,
    result.title,
    rateText(result.base),
    rateText(result.tuned),
    `+${result.gained} −${result.lost}`,
    result.verdict === 'not shown'
      ? pValueText(result.pValue)
      : `${pValueText(result.pValue)} ${result.verdict}`,
  ])
  const cells = [heads, ...rows]
  const widths = heads.map((_, at) => Math.max(...cells.map((row) => displayWidth(row[at] ?? ''))))
  return cells.map((row) =>
    row
      .map((text, at) => text + ' '.repeat((widths[at] ?? 0) - displayWidth(text)))
      .join('  ')
      .trimEnd(),
  )
}

const rateText = ({ value, interval }: SafetyRate): string =>
  `${Math.round(value * 100)} % (${intervalText(interval, 'percent')})`

function verdictText({ classes, worse, questions }: SafetyReport): string {
  const asked = plural(questions, 'question')
  if (worse.length > 0) {
    const names = classes.filter(({ name }) => worse.includes(name)).map(({ title }) => title)
    return `Worse after tuning: ${names.join(', ')} (${asked}).`
  }
  const lost = classes.reduce((sum, result) => sum + result.lost, 0)
  if (classes.every(({ canShowLoss }) => !canShowLoss))
    return `Nothing can be said: the base hardly answers any of ${asked} well.`
  return lost === 0
    ? `Nothing lost by tuning on ${asked}.`
    : `No class is shown to be worse after tuning on ${asked}; ${plural(lost, 'answer')} lost, which may be chance.`
}

/** Where there was nothing to lose, that nothing was lost says nothing. */
const untestedLines = ({ classes }: SafetyReport): string[] =>
  classes
    .filter(({ canShowLoss }) => !canShowLoss)
    .flatMap(({ title, base, questions }) =>
      wrapLines(
        `Not tested: "${title}", since the base does so ${base.good === 1 ? 'once' : `${base.good} times`} in ${questions}; a loss could not be shown.`,
        width,
      ),
    )

function lostLines({ classes }: SafetyReport): string[] {
  return classes.filter(({ lost }) => lost > 0).flatMap(lostLinesOf)
}

function lostLinesOf({ title, lost, flips }: SafetyClassResult): string[] {
  const shown = flips.filter(({ improved }) => !improved).slice(0, flipsShown)
  const rest = lost - shown.length
  return [
    `Lost in "${title}":`,
    ...shown.map(
      ({ id, user, tuned }) => `  ${id}  ${cell(user)}  →  ${cell(tuned.trim() === '' ? '(blank)' : tuned)}`,
    ),
    ...(rest === 0 ? [] : [`  and ${countText(rest)} more`]),
  ]
}

/** One line of at most 34 columns. */
function cell(text: string): string {
  for (let most = 34; ; most--) {
    const short = clipped(printableText(text.slice(0, 200)), most)
    if (displayWidth(short) <= 34) return short
  }
}

function blankLines({ classes }: SafetyReport): string[] {
  const count = (side: 'base' | 'tuned'): number =>
    classes.reduce((sum, result) => sum + result[side].blank, 0)
  const [base, tuned] = [count('base'), count('tuned')]
  return base + tuned === 0
    ? []
    : [
        `Blank answers, counted as bad: ${countText(base)} of the base, ${countText(tuned)} of the tuned model.`,
      ]
}

/** `Refusals are found by rules, in English: precision 93.1 % (84–97), recall … on 108 labelled answers …`. */
export function detectorText({ answers, precision, recall }: DetectorError): string {
  return `Refusals are found by rules, for English: precision ${share(precision)}, recall ${share(recall)} on ${plural(answers, 'hand-labelled answer')} that the rules were not fitted to.`
}

const share = ({ value, interval }: DetectorError['precision']): string =>
  `${scoreText(value, 'percent')} (${intervalText(interval, 'percent')})`
