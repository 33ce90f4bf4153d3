import { createRandom } from '../../lib/random.ts'
import type { RowTable } from '../comparison/row-table.ts'
import type { RowCounts } from '../row-counts.ts'

/** How often each candidate is right, and how long it takes on the mean. */
const kinds = [
  { id: 'base', right: 0.7, latency: 500 },
  { id: 'few-shot', right: 0.76, latency: 900 },
  { id: 'tuned', right: 0.85, latency: 300 },
] as const

const sampleLabels = 5

/** A seeded table of three candidates with figures of every kind; `group` is the number of rows in one group. */
export function sampleTable(rows = 600, group?: number): RowTable {
  const random = createRandom(`sample table ${rows}`)
  const truth = Array.from({ length: rows }, () => random.integer(sampleLabels))
  const luck = Array.from({ length: rows }, () => random.next())
  return {
    ids: truth.map((_, row) => `row ${row + 1}`),
    ...(group === undefined ? {} : { groups: truth.map((_, row) => `group ${Math.floor(row / group)}`) }),
    figures: [
      { id: 'accuracy', title: 'accuracy', format: 'percent', better: 'higher' },
      { id: 'macro-f1', title: 'macro-F1', format: 'fraction', better: 'higher' },
      { id: 'token-f1', title: 'token F1', format: 'fraction', better: 'higher' },
      { id: 'latency-p95', title: 'latency p95', format: 'milliseconds', better: 'lower' },
      { id: 'tokens', title: 'prompt tokens', format: 'number', better: 'lower' },
    ],
    candidates: kinds.map(({ id, right, latency }) => {
      const given = truth.map((label, row) =>
        0.7 * luck[row]! + 0.3 * random.next() < right ? label : random.integer(sampleLabels),
      )
      return {
        id,
        columns: {
          accuracy: { kind: 'proportion', values: truth.map((label, row) => Number(given[row] === label)) },
          'macro-f1': { kind: 'counts', counts: macroF1Counts(truth, given, sampleLabels) },
          'token-f1': {
            kind: 'mean',
            values: truth.map((label, row) => (given[row] === label ? 1 : luck[row]! / 2)),
          },
          'latency-p95': {
            kind: 'quantile',
            share: 0.95,
            values: truth.map(() => latency * (0.5 + random.next() ** 4)),
          },
          tokens: { kind: 'mean', values: truth.map(() => (id === 'tuned' ? 70 : 200)) },
        },
      }
    }),
  }
}

/** Rows, answers and hits of each label. */
export function macroF1Counts(truth: readonly number[], given: readonly number[], labels: number): RowCounts {
  return {
    width: labels * 3,
    slots: [
      Int32Array.from(truth, (label) => label * 3),
      Int32Array.from(given, (label) => (label < 0 ? -1 : label * 3 + 1)),
      Int32Array.from(truth, (label, row) => (label === given[row] ? label * 3 + 2 : -1)),
    ],
    value: (totals) => {
      let [sum, present] = [0, 0]
      for (let at = 0; at < totals.length; at += 3) {
        if (totals[at] === 0) continue
        present++
        sum += (2 * totals[at + 2]!) / (totals[at]! + totals[at + 1]!)
      }
      return sum / present
    },
  }
}
