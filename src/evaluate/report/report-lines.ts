import type { CandidateResult, EvaluatedMetric, Evaluation, Score, WeakestLabel } from '../evaluation.ts'
import {
  costText,
  countText,
  durationText,
  intervalText,
  plural,
  scoreText,
  tokensText,
} from '../number-text.ts'
import { displayWidth } from '../../lib/display-width.ts'
import { clipped } from '../shortened.ts'
import { ordinal } from '../../lib/ordinal.ts'
import { printableText } from '../../lib/printable-text.ts'
import { changeText } from './change-text.ts'
import { constraintAdvice } from './constraint-advice.ts'
import { wrapLines } from './wrap-lines.ts'

const width = 100

/** The evaluation for a terminal: table, answers that could not be used, verdict, weakest label, rows to look at. */
export function reportLines(evaluation: Evaluation): string[] {
  return [
    ...scoreTableLines(evaluation),
    ...lookLines(evaluation),
    '',
    ...unusableLines(evaluation),
    ...verdictLines(evaluation),
  ]
}

/** `96 rows of the test split · 3rd look`; nothing where looks are not counted. */
export function lookText({ rows, split, looks }: Evaluation): string {
  const what = `${plural(rows, 'row')} of the ${clipped(split, 60)} split`
  return looks === undefined ? what : `${what} · ${ordinal(looks)} look`
}

const lookLines = (evaluation: Evaluation): string[] =>
  evaluation.looks === undefined ? [] : [printableText(lookText(evaluation))]

/** One line a candidate under a line of heads: two metrics, tokens and latency, then the other metrics, three a table. */
function scoreTableLines({ candidates, metrics }: Evaluation): string[] {
  const names = candidates.map(({ title }) => clipped(printableText(title), 30))
  const columns = metrics.map((metric, at) => [
    clipped(metric.title, 22),
    ...candidates.map(({ scores }) => scoreCell(scores[at]!, metric)),
  ])
  const tokens = candidates.map(({ tokensPerQuery }) => tokensText(tokensPerQuery, fewText))
  const latencies = candidates.map(({ latencyMs }) =>
    latencyMs === null ? '–' : durationText(latencyMs.p50),
  )
  const costs = candidates.map(({ cost }) => (cost === null ? '–' : costText(cost.usdPerThousand)))
  const operations = [
    ['tokens in/out', ...tokens],
    ['p50 latency', ...latencies],
  ]
  const priced = candidates.some(({ cost }) => cost !== null) ? [['cost of 1,000', ...costs]] : []
  const more = [...columns.slice(2), ...priced]
  const blocks = Array.from({ length: Math.ceil(more.length / 3) }, (_, at) => more.slice(at * 3, at * 3 + 3))
  return [
    ...tableLines([['', ...names], ...columns.slice(0, 2), ...operations], operations.length),
    ...blocks.flatMap((block) => [
      '',
      ...tableLines([['', ...names], ...block], block.filter((column) => priced.includes(column)).length),
    ]),
  ]
}

/** @param numbers how many of the last columns stand right */
function tableLines(columns: readonly (readonly string[])[], numbers: number): string[] {
  const heads = columns.map(([head = '']) => head)
  const rows = (columns[0] ?? []).map((_, row) => columns.map((column) => column[row] ?? ''))
  const widths = heads.map((_, column) => Math.max(...rows.map((cells) => displayWidth(cells[column] ?? ''))))
  // The numbers of a column stand right of each other; heads and names begin at the left.
  return rows.map((cells, row) =>
    cells
      .map((cell, column) =>
        row > 0 && column >= cells.length - numbers
          ? padLeft(cell, widths[column]!)
          : padRight(cell, widths[column]!),
      )
      .join('   ')
      .trimEnd(),
  )
}

/** The verdict against the strongest other candidate, the scores before and after, the weakest label, and how many rows are wrong. */
export function verdictLines(evaluation: Evaluation): string[] {
  const main = evaluation.comparisons.find(({ baseline }) => baseline === evaluation.strongestBaseline)
  const sentences = [
    ...(main === undefined ? [] : [main.sentence, `${changeText(evaluation)}.`]),
    [weakestText(evaluation.weakestLabel), wrongText(evaluation)].filter((text) => text !== '').join(' '),
  ]
  return sentences.flatMap((sentence) => wrapLines(printableText(sentence), width))
}

/** For each candidate, how many answers could not be read and why, and how many were cut, with what avoids it; nothing where there is none. */
function unusableLines(evaluation: Evaluation): string[] {
  const lines = evaluation.candidates.flatMap((candidate) => {
    const text = unusableText(candidate)
    return text === ''
      ? []
      : wrapLines(`${clipped(printableText(candidate.title), 60)}: ${printableText(text)}`, width)
  })
  const advice = constraintAdvice(evaluation)
  if (advice !== '') lines.push(...wrapLines(printableText(advice), width))
  return lines.length === 0 ? [] : [...lines, '']
}

/** `12 of 96 answers unreadable, counted as wrong (no line "ROUTE: …" 10); 3 cut at the token limit`. */
export function unusableText({ unreadable, cut, refusals, rows }: CandidateResult): string {
  const reasons = unreadable.reasons.map(({ reason, count }) => `${reason} ${countText(count)}`).join(', ')
  return [
    unreadable.count === 0
      ? ''
      : `${countText(unreadable.count)} of ${plural(rows.length, 'answer')} unreadable, counted as wrong (${reasons})`,
    cut === 0 ? '' : `${countText(cut)} cut at the token limit`,
    refusals === 0 ? '' : `${countText(refusals)} that ${refusals === 1 ? 'looks' : 'look'} like a refusal`,
  ]
    .filter((part) => part !== '')
    .join('; ')
}

/** `Weakest: FRAUD_REVIEW 0.71 F1, mistaken for MANUAL_REVIEW 3 times.`; empty without a weakest label. */
export function weakestText(weakest: WeakestLabel | null): string {
  if (weakest === null) return ''
  const { label, f1, mistakenFor, wronglyGiven } = weakest
  const missed = mistakenFor?.count ?? 0
  const how =
    mistakenFor === null || wronglyGiven > missed
      ? `wrongly given ${times(wronglyGiven)}${missed === 0 ? ', never missed' : ''}`
      : mistakenFor.label === null
        ? `unreadable ${times(missed)}`
        : `mistaken for ${clipped(mistakenFor.label, 60)} ${times(missed)}`
  return `Weakest: ${clipped(label, 60)} ${scoreText(f1, 'fraction')} F1, ${how}.`
}

/** `6 of 96 rows wrong; 2 of them look mislabelled.` */
export function wrongText({ worstRows: { wrong, looksMislabelled }, rows, task }: Evaluation): string {
  if (task.kind === 'text')
    return `${countText(rows - wrong)} of ${plural(rows, 'answer')} match word for word.`
  if (wrong === 0) return `No row of ${countText(rows)} wrong.`
  const suspects =
    looksMislabelled === 0
      ? ''
      : `; ${countText(looksMislabelled)} of them ${looksMislabelled === 1 ? 'looks' : 'look'} mislabelled`
  return `${countText(wrong)} of ${plural(rows, 'row')} wrong${suspects}.`
}

const times = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${countText(count)} times`

const fewText = (count: number): string => (count < 10 ? String(Number(count.toFixed(1))) : countText(count))

const scoreCell = ({ value, interval }: Score, { format }: EvaluatedMetric): string => {
  const score = scoreText(value, format).padStart(format === 'percent' ? 7 : 4)
  return `${score} (${interval === null ? 'no spread' : intervalText(interval, format)})`
}

const padRight = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - displayWidth(text)))
const padLeft = (text: string, to: number): string => ' '.repeat(Math.max(0, to - displayWidth(text))) + text
