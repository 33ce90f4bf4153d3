import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestAssignment } from '../assignment.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import { editSimilarity } from '../match/edit-distance.ts'
import { createAnswerReader } from '../read-answer.ts'
import { unreadable, type Span } from '../reading.ts'
import { inScopeAccuracy, outOfScopeF1, outOfScopeRecall } from './abstention.ts'
import { areaUnderCurve } from './area-under-curve.ts'
import { bleu, tokens13a } from './bleu.ts'
import { brierScore } from './brier-score.ts'
import { calibrationError, reliabilityBins } from './calibration.ts'
import { chrf } from './chrf.ts'
import { hierarchicalF1 } from './codes.ts'
import { sharedCharacterGrams } from './character-grams.ts'
import { cohenKappa } from './cohen-kappa.ts'
import { accuracy } from './exact-match.ts'
import { macroF1 } from './macro-f1.ts'
import { matthewsCorrelation } from './matthews-correlation.ts'
import type { MeanMetric, ReadRow, SampleMetric } from './metric.ts'
import { metricColumn } from './metric-column.ts'
import { microF1 } from './micro-f1.ts'
import { sharedRuns } from './n-grams.ts'
import { rouge1, rouge2, rougeL } from './rouge.ts'
import { spanF1, spanPartialF1, spanPrecision, spanRecall, spanResults } from './span-overlap.ts'
import { editSimilarityScore } from './text-similarity.ts'
import { weightedF1 } from './weighted-f1.ts'

interface Golden {
  readonly labels: readonly {
    readonly truth: readonly number[]
    readonly given: readonly number[]
    readonly micro: number
    readonly weighted: number
    readonly macro: number
    readonly mcc: number
    readonly kappa: number
    readonly abstainF1: number
    readonly abstainRecall: number
    readonly inScope: number
  }[]
  readonly probabilities: readonly {
    readonly truth: readonly number[]
    readonly chances: readonly (readonly number[])[]
    readonly auc: number
    readonly brier: number
    readonly error: number
    readonly bins: readonly number[]
  }[]
  readonly assignments: readonly { readonly scores: readonly (readonly number[])[]; readonly best: number }[]
  readonly entities: {
    readonly truth: readonly (readonly [string, number, number][])[]
    readonly given: readonly (readonly [string, number, number][])[]
    readonly precision: number
    readonly recall: number
    readonly f1: number
    readonly byLabel: Readonly<Record<string, number>>
    readonly partial: number
  }
  readonly codes: {
    readonly rows: readonly (readonly [readonly string[], readonly string[]])[]
    readonly hierarchical: number
  }
  readonly texts: {
    readonly rows: readonly (readonly [string, string])[]
    readonly tokens: readonly (readonly string[])[]
    readonly bleu: number
    readonly bleuOfRow: readonly number[]
    readonly chrf: number
    readonly chrfOfRow: readonly number[]
    readonly rouge1: readonly number[]
    readonly rouge2: readonly number[]
    readonly rougeL: readonly number[]
    readonly edit: readonly number[]
  }
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('./fixtures/task-metrics.json', import.meta.url), 'utf8'),
)

const labelTask: EvaluationTask = { kind: 'labels', labels: ['0', '1'], abstain: '0' }

const labelRows = (truth: readonly number[], given: readonly number[]): ReadRow[] =>
  truth.map((label, at) => ({
    expected: { readable: true, read: `${label}` },
    answer:
      (given[at] ?? -1) < 0 ? unreadable('not one of the labels') : { readable: true, read: `${given[at]}` },
  }))

function valueOf(metric: SampleMetric, rows: readonly ReadRow[], task: EvaluationTask = labelTask): number {
  return metric.statistic(rows, task)(Uint32Array.from(rows, (_, at) => at))
}

const meanOf = (metric: MeanMetric, rows: readonly ReadRow[]): number =>
  rows.reduce((sum, row) => sum + metric.rowScore(row, labelTask), 0) / rows.length

describe('labels, against scikit-learn', () => {
  test('there are goldens', () => expect(golden.labels.length).toBeGreaterThan(2))

  test.each(golden.labels.map((each, at) => ({ ...each, at })))('case $at', (expected) => {
    const rows = labelRows(expected.truth, expected.given)
    expect(valueOf(microF1, rows)).toBeCloseTo(expected.micro, 12)
    expect(valueOf(weightedF1, rows)).toBeCloseTo(expected.weighted, 12)
    expect(valueOf(macroF1, rows)).toBeCloseTo(expected.macro, 12)
    expect(valueOf(matthewsCorrelation, rows)).toBeCloseTo(expected.mcc, 12)
    expect(valueOf(cohenKappa, rows)).toBeCloseTo(expected.kappa, 12)
    expect(valueOf(outOfScopeF1, rows)).toBeCloseTo(expected.abstainF1, 12)
    expect(valueOf(outOfScopeRecall, rows)).toBeCloseTo(expected.abstainRecall, 12)
    expect(valueOf(inScopeAccuracy, rows)).toBeCloseTo(expected.inScope, 12)
  })

  test('one label on both sides has no correlation and no agreement beyond chance', () => {
    const rows = labelRows([1, 1, 1], [1, 1, 1])
    expect([valueOf(matthewsCorrelation, rows), valueOf(cohenKappa, rows)]).toEqual([0, 0])
  })
})

describe('label probabilities, against scikit-learn', () => {
  test('there are goldens', () => expect(golden.probabilities.length).toBeGreaterThan(2))

  test.each(golden.probabilities.map((each, at) => ({ ...each, at })))('case $at', (expected) => {
    const rows = expected.truth.map((label, row): ReadRow => {
      const chances = expected.chances[row] ?? []
      const labelScores = chances.map((probability, at) => ({
        label: `${at}`,
        probability,
        logProbability: Math.log(probability),
      }))
      const reading = { readable: true, read: `${label}` } as const
      return { expected: reading, answer: reading, given: { answer: '', labelScores } }
    })
    expect(valueOf(areaUnderCurve, rows)).toBeCloseTo(expected.auc, 12)
    expect(meanOf(brierScore, rows)).toBeCloseTo(expected.brier, 12)
    expect(valueOf(calibrationError, rows)).toBeCloseTo(expected.error, 12)
    const bins = reliabilityBins(rows) ?? []
    expect(bins.map((bin) => bin.rows)).toEqual(expected.bins)
    const distance = bins.reduce(
      (sum, bin) => sum + bin.rows * Math.abs((bin.confidence ?? 0) - (bin.accuracy ?? 0)),
      0,
    )
    expect(distance / rows.length).toBeCloseTo(expected.error, 12)
  })

  test('rows without them are refused by name', () => {
    const [row] = labelRows([1], [1])
    const rows = [{ ...row!, example: { id: 'line 3', input: '', expected: '1' } }]
    expect(() => valueOf(areaUnderCurve, rows)).toThrow('"auc" needs the probability of every label')
    expect(() => brierScore.rowScore(rows[0]!, labelTask)).toThrow('row line 3')
    expect(reliabilityBins(rows)).toBeUndefined()
  })
})

describe('the assignment problem, against SciPy', () => {
  test('there are goldens', () => expect(golden.assignments.length).toBeGreaterThan(4))

  test.each(golden.assignments.map((each, at) => ({ ...each, at })))('case $at', ({ scores, best }) => {
    const columns = bestAssignment(scores)
    const used = columns.filter((column) => column >= 0)
    expect(new Set(used).size).toBe(Math.min(scores.length, scores[0]?.length ?? 0))
    const sum = columns.reduce((total, column, row) => total + (scores[row]?.[column] ?? 0), 0)
    expect(sum).toBeCloseTo(best, 12)
  })

  test('no rows or no columns pair nothing', () => {
    expect(bestAssignment([])).toEqual([])
    expect(bestAssignment([[], []])).toEqual([-1, -1])
  })
})

const spansOf = (spans: readonly (readonly [string, number, number])[]): Span[] =>
  spans.map(([label, start, end]) => ({ label, text: '', start, end }))
const reading = (spans: readonly Span[]) => ({ readable: true, read: '', spans }) as const

describe('spans, against seqeval', () => {
  const task: EvaluationTask = { kind: 'spans' }
  const { entities } = golden
  const rows = entities.truth.map((truth, at): ReadRow => {
    return { expected: reading(spansOf(truth)), answer: reading(spansOf(entities.given[at] ?? [])) }
  })

  test('precision, recall and F1, exact and partial', () => {
    expect(rows.length).toBeGreaterThan(20)
    expect(valueOf(spanPrecision, rows, task)).toBeCloseTo(entities.precision, 12)
    expect(valueOf(spanRecall, rows, task)).toBeCloseTo(entities.recall, 12)
    expect(valueOf(spanF1, rows, task)).toBeCloseTo(entities.f1, 12)
    expect(valueOf(spanPartialF1, rows, task)).toBeCloseTo(entities.partial, 12)
    const byLabel = Object.fromEntries(spanResults(rows).map(({ label, f1 }) => [label, f1]))
    expect(Object.keys(byLabel)).toEqual(Object.keys(entities.byLabel))
    for (const [label, f1] of Object.entries(entities.byLabel)) expect(byLabel[label]).toBeCloseTo(f1, 12)
  })
})

describe('codes, against an implementation of its own', () => {
  test('hierarchical F1', () => {
    const { rows, hierarchical } = golden.codes
    expect(rows.length).toBeGreaterThan(20)
    const read = createAnswerReader({ kind: 'codes', system: 'icd-10-cm' })
    const made = rows.map(([truth, given]): ReadRow => {
      const expected = read(truth.join(', '))
      if (!expected.readable) throw new Error(expected.reason)
      return { expected, answer: read(given.length === 0 ? 'none' : given.join('\n')) }
    })
    expect(valueOf(hierarchicalF1, made)).toBeCloseTo(hierarchical, 12)
  })
})

const runsOf = (tokens: readonly string[], order: number): string[] =>
  Array.from({ length: Math.max(0, tokens.length - order + 1) }, (_, at) =>
    JSON.stringify(tokens.slice(at, at + order)),
  )

describe('texts, against sacreBLEU, rouge-score and RapidFuzz', () => {
  const { texts } = golden
  const rows = texts.rows.map(([expected, answer]): ReadRow => ({
    expected: { readable: true, read: expected },
    answer: { readable: true, read: answer },
  }))

  test('there are goldens', () => expect(rows.length).toBeGreaterThan(8))

  test('tokens', () => {
    expect(texts.rows.flat().map(tokens13a)).toEqual(texts.tokens)
  })

  test('BLEU and chrF of all rows', () => {
    expect(valueOf(bleu, rows)).toBeCloseTo(texts.bleu, 12)
    expect(valueOf(chrf, rows)).toBeCloseTo(texts.chrf, 12)
  })

  test.each(texts.rows.map((pair, at) => ({ at, answer: pair[1] })))('row $at: $answer', ({ at }) => {
    const row = rows[at]!
    expect(valueOf(bleu, [row])).toBeCloseTo(texts.bleuOfRow[at] ?? Number.NaN, 12)
    expect(valueOf(chrf, [row])).toBeCloseTo(texts.chrfOfRow[at] ?? Number.NaN, 12)
    expect(rouge1.rowScore(row, labelTask)).toBeCloseTo(texts.rouge1[at] ?? Number.NaN, 12)
    expect(rouge2.rowScore(row, labelTask)).toBeCloseTo(texts.rouge2[at] ?? Number.NaN, 12)
    expect(rougeL.rowScore(row, labelTask)).toBeCloseTo(texts.rougeL[at] ?? Number.NaN, 12)
    expect(editSimilarity(row.expected.read, texts.rows[at]?.[1] ?? '')).toBeCloseTo(texts.edit[at] ?? 2, 12)
  })

  test('shared runs of characters are those of a count, whatever the alphabet', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '😀'), { maxLength: 30 })
    const many = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), { maxLength: 400 })
    fc.assert(
      fc.property(fc.oneof(text, many), fc.oneof(text, many), (left, right) => {
        const counted = [1, 2, 3, 4, 5, 6].map((order) => {
          const open = runsOf(right, order)
          return runsOf(left, order).filter((run) => {
            const at = open.indexOf(run)
            if (at >= 0) open.splice(at, 1)
            return at >= 0
          }).length
        })
        expect(sharedRuns(left, right, 6)).toEqual(counted)
        expect(sharedCharacterGrams(left, right)).toEqual(counted)
      }),
    )
    const wide = Array.from({ length: 300 }, (_, at) => String.fromCodePoint(0x4e00 + at))
    expect(sharedCharacterGrams(wide, wide)).toEqual([300, 299, 298, 297, 296, 295])
  })

  test('no answer scores 0', () => {
    const row: ReadRow = {
      expected: { readable: true, read: 'a b' },
      answer: unreadable('the answer is empty'),
    }
    expect([valueOf(bleu, [row]), valueOf(chrf, [row]), rouge1.rowScore(row, labelTask)]).toEqual([0, 0, 0])
  })
})

describe('counts', () => {
  const label = fc.integer({ min: 0, max: 3 })
  const pairs = fc.array(fc.tuple(label, fc.integer({ min: -1, max: 3 })), { minLength: 2, maxLength: 30 })

  test.each([macroF1, microF1, weightedF1, matthewsCorrelation, cohenKappa, outOfScopeF1])(
    '$id: a row more or less is its own counts more or less',
    (metric) => {
      fc.assert(
        fc.property(pairs, fc.nat(), (drawn, pick) => {
          const rows = labelRows(
            drawn.map(([truth]) => truth),
            drawn.map(([, given]) => given),
          )
          const left = pick % rows.length
          const { width, slots, amounts, value } = metric.counts!(rows, labelTask)
          const totals = new Float64Array(width)
          for (const row of rows.keys()) {
            if (row === left) continue
            for (const [column, slotOf] of slots.entries()) {
              const slot = slotOf[row]!
              if (slot >= 0) totals[slot]! += amounts?.[column]?.[row] ?? 1
            }
          }
          const without = rows.filter((_, row) => row !== left)
          expect(value(totals)).toBeCloseTo(valueOf(metric, without), 12)
        }),
      )
    },
  )
})

test('the column of a metric is what a resample of it needs', () => {
  const rows = labelRows([0, 1, 1, 0], [0, 1, 0, -1])
  const right = metricColumn(accuracy, rows, labelTask)
  expect(right).toEqual({ kind: 'proportion', values: Float64Array.of(1, 1, 0, 0) })
  expect(metricColumn(editSimilarityScore, rows, labelTask)).toEqual({
    kind: 'mean',
    values: Float64Array.of(1, 1, 0, 0),
  })
  const counted = metricColumn(macroF1, rows, labelTask)
  expect(counted.kind === 'counts' && counted.counts.width).toBe(6)
  const sampled = metricColumn({ ...macroF1, counts: undefined } as unknown as SampleMetric, rows, labelTask)
  expect(sampled).toMatchObject({ kind: 'sample', rows: 4 })
})
