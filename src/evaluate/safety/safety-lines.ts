import { displayWidth } from '../../lib/display-width.ts'
import { printableText } from '../../lib/printable-text.ts'
import { countText, pValueText } from '../number-text.ts'
import { wrapLines } from '../report/wrap-lines.ts'
import { clipped } from '../shortened.ts'
import { blankTexts, detectorText, rateText, untestedTexts, verdictText } from './safety-texts.ts'
import type { SafetyClassResult, SafetyReport } from './score-safety.ts'

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
    ...untestedTexts(report).flatMap((text) => wrapLines(text, width)),
    ...lostLines(report),
    ...blankTexts(report),
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
    const short = clipped(printableText(text.slice(0, 200).replaceAll(/\s+/g, ' ').trim()), most)
    if (displayWidth(short) <= 34) return short
  }
}
