import { describe, expect, test } from 'vitest'
import { evaluateGate } from '../gate/evaluate-gate.ts'
import { createEvaluation } from '../create-evaluation.ts'
import type { CandidateAnswer } from '../evaluation.ts'
import { userMetric } from '../metrics/user-metric.ts'
import { groupedEvaluation } from '../testing/grouped-evaluation.ts'
import { sampleEvaluation } from '../testing/sample-evaluation.ts'
import { compareTable } from './compare-table.ts'
import { comparisonLines } from './comparison-lines.ts'
import { evaluationTable } from './evaluation-table.ts'

const evaluation = sampleEvaluation(96, 100)

const threshold = (metric: string, limit: number): Parameters<typeof evaluateGate>[0]['rules'][number] => ({
  kind: 'threshold',
  text: `${metric} <= ${limit}`,
  metric,
  relation: '<=',
  limit: { value: limit, unit: 'number' },
})

const answers = (failing: boolean): CandidateAnswer[] =>
  ['a', 'b', 'a', 'b'].map((label, at) =>
    failing && at === 1
      ? {
          exampleId: `${at}`,
          answer: '',
          promptTokens: 0,
          completionTokens: 0,
          failed: { code: 'E_DATA_TOO_LONG', message: 'too long' },
        }
      : { exampleId: `${at}`, answer: label, promptTokens: 10, completionTokens: 2, latencyMs: 100 },
  )

const figuresWith = (abstain: object): string[] =>
  evaluationTable({ ...evaluation, task: { ...evaluation.task, ...abstain } }, { withAll: true }).figures.map(
    ({ id }) => id,
  )

describe('evaluationTable', () => {
  test('has what was measured, with the values of the evaluation', () => {
    const table = evaluationTable(evaluation)
    expect(table.figures.map(({ id }) => id)).toEqual(['accuracy', 'macro-f1'])
    const { scores } = compareTable(table, 'tuned', { resamples: 100 })
    for (const { figure, candidate, value } of scores) {
      const own = evaluation.candidates.find(({ id }) => id === candidate)
      expect(value).toBeCloseTo(own?.scores.find(({ metric }) => metric === figure)?.value ?? Number.NaN, 12)
    }
    expect(scores).toHaveLength(6)
  })

  test('with all: rules may ask for every metric of the kind, and for what it takes', () => {
    const table = evaluationTable(evaluation, { withAll: true })
    const ids = table.figures.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['mcc', 'readable', 'refusal-rate', 'latency-p95', 'brier']))
    expect(new Set(ids).size).toBe(ids.length)
    const { rules } = evaluateGate({
      rules: [threshold('p95', 800), threshold('prompt tokens', 60), threshold('kappa', 1)],
      sets: [{ name: 'test', table }],
      candidate: 'tuned',
      baseline: 'base',
    })
    expect(rules.map(({ figure, outcome }) => [figure, outcome])).toEqual([
      ['latency-p95', 'pass'],
      ['prompt-tokens', 'fail'],
      ['kappa', 'pass'],
    ])
  })

  test('what is out of scope is no figure where no label says so', () => {
    expect(figuresWith({})).not.toContain('out-of-scope-recall')
    expect(figuresWith({ abstain: 'MANUAL_REVIEW' })).toContain('out-of-scope-recall')
  })

  test('tokens that nobody counted let no rule pass', () => {
    const table = evaluationTable(
      {
        ...evaluation,
        candidates: evaluation.candidates.map((each) => ({
          ...each,
          rows: each.rows.map((row) => ({ ...row, promptTokens: 0, completionTokens: 0 })),
        })),
      },
      { withAll: true },
    )
    const { rules } = evaluateGate({
      rules: [threshold('prompt tokens', 60), threshold('completion tokens', 60)],
      sets: [{ name: 'test', table }],
      candidate: 'tuned',
      baseline: 'base',
    })
    expect(rules.map(({ outcome }) => outcome)).toEqual(['not enough data', 'not enough data'])
  })

  test('questions without an answer are wrong, and are not in the latency', () => {
    const { candidates, ...rest } = createEvaluation({
      task: { kind: 'labels', labels: ['a', 'b'] },
      split: 'test',
      examples: ['a', 'b', 'a', 'b'].map((expected, at) => ({ id: `${at}`, input: 'x', expected })),
      candidates: [
        { id: 'base', description: '', answers: answers(false) },
        { id: 'tuned', description: '', answers: answers(true) },
      ],
      settings: { resamples: 50 },
    })
    expect(candidates[1]).toMatchObject({
      failed: 1,
      unreadable: { count: 1, reasons: [{ reason: 'not answered: E_DATA_TOO_LONG', count: 1 }] },
      tokensPerQuery: { prompt: 10, completion: 2 },
      latencyMs: { rows: 3 },
    })
    const table = evaluationTable({ ...rest, candidates }, { withAll: true })
    const column = table.candidates[1]!.columns['latency-p95']
    expect(column).toMatchObject({ kind: 'quantile', values: Float64Array.from([100, Number.NaN, 100, 100]) })
    expect(table.candidates[1]!.columns['answered']).toMatchObject({
      values: Float64Array.from([1, 0, 1, 1]),
    })
  })

  test('rows of a group are one: forty copies of a row say no more than the row', () => {
    const wide = groupedEvaluation({ copies: 40, isGrouped: true, resamples: 50 })
    const table = evaluationTable(wide)
    expect(new Set(table.groups)).toHaveLength(12)
    const compared = compareTable(table, 'tuned', { resamples: 2000 })
    const [accuracy] = compared.differences
    expect(accuracy).toMatchObject({ pairs: 480, groups: 12, verdict: 'not enough rows' })
    expect(accuracy!.sentence).toContain('480 rows in 12 groups')
    // Three of twelve groups changed, all to the better: 2 · (1/2)³.
    expect(accuracy!.test).toMatchObject({ name: 'permutation', exact: true, pValue: 0.25 })
    const { groups: _, ...alone } = table
    expect(compareTable(alone, 'tuned').differences[0]).toMatchObject({ verdict: 'better' })
    const { rules } = evaluateGate({
      rules: [{ kind: 'beats', text: 'accuracy beats base', metric: 'accuracy' }],
      sets: [{ name: 'test', table }],
      candidate: 'tuned',
      baseline: 'base',
    })
    expect(rules).toMatchObject([{ outcome: 'not enough data', rows: 480, groups: 12 }])
  })

  test('all rows of one group are one observation', () => {
    const one = {
      ...evaluation,
      examples: evaluation.examples.map((example) => ({ ...example, group: 'p' })),
    }
    const { rules } = evaluateGate({
      rules: [{ kind: 'beats', text: 'accuracy beats base', metric: 'accuracy' }],
      sets: [{ name: 'test', table: evaluationTable(one) }],
      candidate: 'tuned',
      baseline: 'base',
    })
    expect(rules).toMatchObject([{ outcome: 'not enough data', interval: null, groups: 1 }])
  })

  test("a user's own metric has to be handed in again", () => {
    const own = userMetric('same-length', ({ expected, answer }) => expected.length === answer.length)
    const given = createEvaluation({
      task: { kind: 'text', metrics: ['token-f1', 'same-length'] },
      split: 'test',
      examples: [{ id: '1', input: 'x', expected: 'abc' }],
      candidates: [
        {
          id: 'base',
          description: '',
          answers: [{ exampleId: '1', answer: 'xyz', promptTokens: 1, completionTokens: 1 }],
        },
      ],
      moreMetrics: [own],
      settings: { resamples: 50 },
    })
    expect(() => evaluationTable(given)).toThrow('no metric "same-length"')
    const table = evaluationTable(given, { moreMetrics: [own] })
    expect(table.candidates[0]!.columns['same-length']).toMatchObject({ values: Float64Array.from([1]) })
  })
})

test('a comparison in lines: both scores, a verdict for each metric, effect sizes and flips', () => {
  const [base, , tuned] = evaluation.candidates
  const table = evaluationTable({ ...evaluation, candidates: [base!, tuned!] })
  const { scores, differences } = compareTable(table, 'tuned', { resamples: 200 })
  const lines = comparisonLines({
    split: 'test',
    rows: evaluation.rows,
    baseline: base!,
    candidate: { ...tuned!, failed: 2 },
    metrics: evaluation.metrics,
    scores,
    differences,
    flips: { metric: 'accuracy', gained: 80, lost: 1, rows: [] },
  })
  const text = lines.join('\n')
  expect(text).toContain('96 rows of the test split, pair by pair; p adjusted for 2 metrics (Holm)')
  expect(text).toMatch(/Better\. .*tuned beats base by/)
  expect(text).toMatch(/Effect in accuracy: Cohen's h \d/)
  expect(text).toContain('80 gained, 1 lost; hone eval rows --candidate tuned --against base')
  expect(text).toContain('tuned: 2 of 96 questions without an answer')
  expect(lines.every((line) => line.length <= 100)).toBe(true)
})
