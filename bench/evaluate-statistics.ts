// What intervals, paired tests and verdicts of stored results take, with bootstraps of 2,000 resamples.
//   npx tsx bench/evaluate-statistics.ts [--rows 100000]
// Four candidates; a figure of each kind: right or wrong, macro-F1 of 77 labels, a score that differs from row to row, the
// 95th percentile of latencies, and tokens.
import { parseArgs } from 'node:util'
import { compareTable } from '../src/evaluate/comparison/compare-table.ts'
import type { RowColumn, RowTable } from '../src/evaluate/comparison/row-table.ts'
import { macroF1Counts } from '../src/evaluate/testing/sample-table.ts'
import { createRandom } from '../src/lib/random.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } })
const rows = Number(values.rows)
const labels = 77
const random = createRandom('evaluate-statistics')
const truth = Array.from({ length: rows }, () => random.integer(labels))
const candidates = ['base', 'few-shot', 'long prompt', 'tuned'].map((id, which) => {
  const given = truth.map((label) => (random.next() < 0.6 + 0.1 * which ? label : random.integer(labels)))
  const columns: Record<string, RowColumn> = {
    accuracy: {
      kind: 'proportion',
      values: Uint8Array.from(truth, (label, row) => Number(given[row] === label)),
    },
    'macro-f1': { kind: 'counts', counts: macroF1Counts(truth, given, labels) },
    similarity: { kind: 'mean', values: Float64Array.from(truth, () => random.next() ** (1 / (1 + which))) },
    'latency-p95': {
      kind: 'quantile',
      share: 0.95,
      values: Float64Array.from(truth, () => 200 - 90 * Math.log(random.next())),
    },
    tokens: { kind: 'mean', values: Float64Array.from(truth, () => 70 + random.integer(40)) },
  }
  return { id, columns }
})
const texts: Pick<RowTable, 'figures'>['figures'] = [
  { id: 'accuracy', title: 'accuracy', format: 'percent', better: 'higher' },
  { id: 'macro-f1', title: 'macro-F1', format: 'fraction', better: 'higher' },
  { id: 'similarity', title: 'similarity', format: 'fraction', better: 'higher' },
  { id: 'latency-p95', title: 'latency p95', format: 'milliseconds', better: 'lower' },
  { id: 'tokens', title: 'tokens', format: 'number', better: 'lower' },
]
const table: RowTable = { ids: truth.map((_, row) => `row ${row}`), figures: texts, candidates }
const settings = { resamples: 2_000 }

const results = [...texts.map(({ id }) => id), 'all'].map((figure) => {
  const figures = texts.filter(({ id }) => figure === 'all' || id === figure)
  const before = process.cpuUsage()
  const { differences } = compareTable({ ...table, figures }, 'tuned', settings)
  const { user, system } = process.cpuUsage(before)
  return { figure, comparisons: differences.length, seconds: Math.round((user + system) / 1e4) / 100 }
})
console.table(results)
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
console.log(
  `${rows} rows, 4 candidates, 2,000 resamples; largest resident set ${megabytes} MB, rows included`,
)
console.log(`written ${writeResult('evaluate-statistics', { rows, resamples: 2_000, results, megabytes })}`)
