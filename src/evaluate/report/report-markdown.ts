import { printableText } from '../../lib/printable-text.ts'
import type { CandidateResult, EvaluatedMetric, Evaluation, MetricDifference } from '../evaluation.ts'
import {
  confidenceText,
  costText,
  countText,
  differenceIntervalText,
  durationText,
  intervalText,
  pValueText,
  scoreText,
  tokensText,
} from '../number-text.ts'
import { clipped, shortened } from '../shortened.ts'
import { changeText } from './change-text.ts'
import { constraintAdvice } from './constraint-advice.ts'
import { fractionText, sectionTable } from './detail-tables.ts'
import { measuredSections, trainingSections } from './evidence-sections.ts'
import type { EvidenceSection } from './evidence-table.ts'
import type { ReportContent } from './report-html.ts'
import { lookText, unusableText, weakestText, wrongText } from './report-lines.ts'
import { ruleText } from './score-section.ts'

/** The report as Markdown with tables, for a comment on a pull request. */
export function reportMarkdown(content: ReportContent): string {
  const { title, evaluation, facts = [] } = content
  const main = evaluation.comparisons.find(({ baseline }) => baseline === evaluation.strongestBaseline)
  const change = changeText(evaluation)
  const wrong = [weakestText(evaluation.weakestLabel), wrongText(evaluation)].filter((text) => text !== '')
  const blocks = [
    `# ${safe(clipped(title, 120))}`,
    ...(main === undefined ? [] : [`**${safe(main.sentence)}**`]),
    ...(change === '' ? [] : [safe(change)]),
    safe(wrong.join(' ')),
    `## Scores\n\n${safe(lookText(evaluation))}, ${confidenceText(evaluation.settings.confidence)} intervals`,
    scoreTable(evaluation),
    ...notes(evaluation),
    ...(evaluation.comparisons.length === 0
      ? []
      : [
          `## Against the others\n\nThe same rows, pair by pair; p adjusted for ${countText(evaluation.comparisons.length * evaluation.metrics.length)} comparisons`,
          comparisonTable(evaluation),
        ]),
    ...measuredSections(content).flatMap(evidenceBlocks),
    ...detailTable(evaluation),
    ...trainingSections(content).flatMap(evidenceBlocks),
    ...facts.flatMap((group) => [
      `## ${safe(clipped(group.title, 80))}`,
      table(
        ['what', 'value'],
        group.facts.map(({ name, value }) => [name, shortened(String(value), 400)]),
      ),
    ]),
  ]
  return `${blocks.join('\n\n')}\n`
}

function scoreTable({ candidates, metrics }: Evaluation): string {
  const priced = candidates.some(({ cost }) => cost !== null)
  const cells = ({ scores, tokensPerQuery, latencyMs, cost }: CandidateResult): string[] => [
    ...metrics.map(({ format }, at) => {
      const { value, interval } = scores[at]!
      return `${scoreText(value, format)} (${interval === null ? 'no spread' : intervalText(interval, format)})`
    }),
    tokensText(tokensPerQuery),
    latencyMs === null ? '–' : [latencyMs.p50, latencyMs.p95, latencyMs.p99].map(durationText).join(' / '),
    ...(priced ? [cost === null ? '–' : costText(cost.usdPerThousand)] : []),
  ]
  return table(
    [
      'candidate',
      ...metrics.map((metric) => metric.title),
      'tokens in / out',
      'latency p50 / p95 / p99',
      ...(priced ? ['cost of 1,000'] : []),
    ],
    candidates.map((candidate) => [clipped(candidate.title, 60), ...cells(candidate)]),
  )
}

function notes(evaluation: Evaluation): string[] {
  const lines = evaluation.candidates.flatMap((candidate) => {
    const text = [ruleText(candidate), unusableText(candidate)].filter((part) => part !== '').join('; ')
    return text === '' ? [] : [`- ${safe(clipped(candidate.title, 60))}: ${safe(text)}`]
  })
  const advice = constraintAdvice(evaluation)
  if (advice !== '') lines.push(`- ${safe(advice)}`)
  return lines.length === 0 ? [] : [lines.join('\n')]
}

const differenceCell = (
  { value, interval, adjustedP }: MetricDifference,
  { format }: EvaluatedMetric,
): string => {
  const size = format === 'percent' ? `${(value * 100).toFixed(1)} points` : value.toFixed(2)
  const range = interval === null ? 'no spread' : differenceIntervalText(interval, format)
  return `${value > 0 ? '+' : ''}${size.replace('-', '−')} (${range}; ${pValueText(adjustedP)})`
}

function comparisonTable({ comparisons, candidates, metrics }: Evaluation): string {
  const titles = new Map(candidates.map(({ id, title }) => [id, clipped(title, 60)]))
  return table(
    ['against', ...metrics.map((metric) => metric.title), 'rows won / lost', 'verdict'],
    comparisons.map(({ baseline, differences, flips, verdict }) => [
      titles.get(baseline) ?? baseline,
      ...differences.map((difference, at) => differenceCell(difference, metrics[at]!)),
      `${countText(flips.gained)} / ${countText(flips.lost)}`,
      verdict,
    ]),
  )
}

function detailTable({ candidates, challenger, strongestBaseline }: Evaluation): string[] {
  const { labels, fields, sections } = candidates.find(({ id }) => id === challenger) ?? {}
  if (labels !== undefined) {
    const heads = ['label', 'rows', 'answered', 'precision', 'recall', 'F1']
    return [
      '## By label',
      table(
        heads,
        labels.map(({ label, support, answered, precision, recall, f1 }) => [
          clipped(label, 80),
          countText(support),
          countText(answered),
          ...[precision, recall, f1].map(fractionText),
        ]),
      ),
    ]
  }
  if (sections !== undefined) {
    const other = candidates.find(({ id }) => id === strongestBaseline)
    const { heads, lines } = sectionTable(sections, other)
    return ['## By section', table(heads, lines)]
  }
  if (fields === undefined) return []
  return [
    '## By field',
    table(
      ['field', 'rows', 'right', 'precision', 'recall', 'F1'],
      fields.map(({ field, rows, right, precision, recall, f1 }) => [
        clipped(field, 80),
        countText(rows),
        countText(right),
        ...[precision, recall, f1].map(fractionText),
      ]),
    ),
  ]
}

const evidenceBlocks = (section: EvidenceSection): string[] => [
  `## ${safe(section.title)}\n\n${safe(section.about)}`,
  ...section.tables.flatMap((each) => [
    ...(section.tables.length === 1 ? [] : [`### ${safe(each.title)}`]),
    table(each.heads, each.lines),
  ]),
  ...section.notes.map(safe),
]

const table = (heads: readonly string[], lines: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...lines].map((cells) => `| ${cells.map(safe).join(' | ')} |`).join('\n')

/** On one line, and nothing in it is markup. */
const safe = (text: string): string =>
  printableText(text.replaceAll(/\s*\n\s*/g, ' ')).replaceAll(
    /[\\`*_[\]<>|#~]|(?<=^\s*)[-+](?=\s)/g,
    (mark) => `\\${mark}`,
  )
