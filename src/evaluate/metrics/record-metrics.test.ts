import { describe, expect, test } from 'vitest'
import type { EvaluationTask } from '../evaluation-task.ts'
import { createAnswerReader } from '../read-answer.ts'
import { codeRelations, codesExact, codesValid } from './codes.ts'
import { fieldAccuracy, fieldResults, fieldsMatch } from './field-accuracy.ts'
import { fieldF1, fieldPrecision, fieldRecall } from './field-overlap.ts'
import type { ReadRow, SampleMetric } from './metric.ts'
import { schemaValid } from './schema-valid.ts'
import { findSections, sectionForm, sectionResults, sectionShare } from './section-form.ts'
import { spanF1, spanPartialF1, spansExact } from './span-overlap.ts'
import { metricIds, metricsOf, rightAnswer } from './task-metrics.ts'
import { argumentF1, callDecision, callNames, callsExact, irrelevanceF1 } from './tool-calls.ts'
import { userMetric } from './user-metric.ts'

function rowsOf(task: EvaluationTask, pairs: readonly (readonly [string, string])[]): ReadRow[] {
  const read = createAnswerReader(task)
  return pairs.map(([truth, answer], at) => {
    const expected = read(truth)
    if (!expected.readable) throw new Error(expected.reason)
    return {
      expected,
      answer: read(answer),
      example: { id: `row ${at}`, input: 'asked', expected: truth },
      given: { answer },
    }
  })
}

const valueOf = (metric: SampleMetric, rows: readonly ReadRow[], task: EvaluationTask): number =>
  metric.statistic(rows, task)(Uint32Array.from(rows, (_, at) => at))

describe('records with rules', () => {
  const task: EvaluationTask = {
    kind: 'json',
    fields: [
      { field: 'code', match: 'icd-10-cm' },
      { field: 'symptoms', match: 'set' },
      { field: '/visit/day', match: 'date' },
    ],
    schema: { type: 'object', required: ['code'], properties: { code: { type: 'string', minLength: 3 } } },
  }
  const rows = rowsOf(task, [
    [
      '{"code":"J45.901","symptoms":["cough","fever"],"visit":{"day":"2025-03-04"}}',
      '{"code":"J45.9","symptoms":["Fever"],"visit":{"day":"4 March 2025"}}',
    ],
    ['{"code":"I10","symptoms":[],"visit":{}}', '{"code":"I10","symptoms":["rash"],"visit":{"day":null}}'],
    ['{"code":"I10"}', 'no record'],
    ['{"code":"I10"}', '{"code":7}'],
  ])

  test('precision, recall and F1 of values', () => {
    // Hits 0.75 + 1 + 1 + 1; answered 1 + 1 + 1, 1 + 1, 0, 1; expected 1 + 2 + 1, 1, 1, 1.
    expect(valueOf(fieldPrecision, rows, task)).toBeCloseTo(3.75 / 6, 12)
    expect(valueOf(fieldRecall, rows, task)).toBeCloseTo(3.75 / 7, 12)
    expect(valueOf(fieldF1, rows, task)).toBeCloseTo(7.5 / 13, 12)
  })

  test('fields are right as a whole, or not', () => {
    const scores = rows.map((row) => fieldAccuracy.rowScore(row, task))
    expect(scores).toEqual([
      expect.closeTo(1 / 3, 12),
      expect.closeTo(2 / 3, 12),
      0,
      expect.closeTo(2 / 3, 12),
    ])
    expect(fieldResults(rows, task)).toMatchObject([
      { field: 'code', right: 1, rows: 4, expected: 4, answered: 3, recall: expect.closeTo(1.75 / 4, 12) },
      { field: 'symptoms', right: 1, expected: 2, answered: 2, precision: 0.5 },
      { field: '/visit/day', right: 3, expected: 1, answered: 1, f1: 1 },
    ])
  })

  test('a row is right when every rule says so', () => {
    const [row] = rowsOf(task, [
      ['{"code":"I10","visit":{"day":"2025-03-04"}}', '{"visit":{"day":"4.3.2025","at":9},"code":"i10"}'],
    ])
    expect(rightAnswer(task).isRight(row!, task)).toBe(true)
    expect(rightAnswer({ kind: 'json' }).isRight(row!, { kind: 'json' })).toBe(false)
    expect(rows.map((each) => fieldsMatch.isRight(each, task))).toEqual([false, false, false, false])
  })

  test('the schema', () => {
    expect(rows.map((row) => schemaValid.isRight(row, task))).toEqual([true, true, false, false])
    expect(() => schemaValid.isRight(rows[0]!, { kind: 'json' })).toThrow('needs the JSON Schema')
    expect(() => schemaValid.isRight(rows[0]!, { kind: 'json', schema: { type: 'objekt' } })).toThrow(
      'no JSON Schema',
    )
  })
})

describe('tool calls', () => {
  const task: EvaluationTask = { kind: 'tool-calls' }
  const refund = '{"name":"refund","arguments":{"order":7,"reason":"late"}}'
  const rows = rowsOf(task, [
    [refund, '{"name":"refund","arguments":{"reason":"late","order":7}}'],
    [refund, '{"name":"refund","arguments":{"order":8,"reason":"late","fast":true}}'],
    [refund, 'I will look into it.'],
    ['There is nothing to do.', 'Nothing to do here.'],
    ['There is nothing to do.', refund],
    [
      `[${refund},{"name":"mail","arguments":{"to":"x"}}]`,
      `[{"name":"mail","arguments":{"to":"x"}},${refund}]`,
    ],
  ])

  test('each measure', () => {
    const right = (metric: typeof callsExact): boolean[] => rows.map((row) => metric.isRight(row, task))
    expect(right(callsExact)).toEqual([true, false, false, true, false, true])
    expect(right(callNames)).toEqual([true, true, false, true, false, true])
    expect(right(callDecision)).toEqual([true, true, false, true, false, true])
    // Hits 2 + 1 + 0 + 0 + 0 + 3, expected 2 + 2 + 2 + 0 + 0 + 3, answered 2 + 3 + 0 + 0 + 2 + 3.
    expect(valueOf(argumentF1, rows, task)).toBeCloseTo(12 / 19, 12)
    expect(valueOf(irrelevanceF1, rows, task)).toBeCloseTo(0.5, 12)
  })
})

describe('spans by text', () => {
  const task: EvaluationTask = { kind: 'spans' }
  const rows = rowsOf(task, [
    ['{"DRUG":["Aspirin","low dose insulin"]}', '{"DRUG":["insulin","aspirin"]}'],
    ['{"DRUG":["a","a"]}', '{"DRUG":["a"],"DOSE":["a"]}'],
    ['[]', '[]'],
  ])

  test('exact and partial', () => {
    expect(rows.map((row) => spansExact.isRight(row, task))).toEqual([false, false, true])
    expect(valueOf(spanF1, rows, task)).toBeCloseTo(4 / 8, 12)
    // 1 for aspirin, half for insulin, 1 for one of the two.
    expect(valueOf(spanPartialF1, rows, task)).toBeCloseTo(5 / 8, 12)
  })
})

describe('codes', () => {
  const task: EvaluationTask = { kind: 'codes', system: 'icd-10-cm' }
  const rows = rowsOf(task, [
    ['J45.901', 'J45.901'],
    ['J45.901', 'J45.9'],
    ['J45.9', 'J45.901'],
    ['J45.901, I10', 'I10, J44.1, E11.9'],
    ['I10', 'I99.99X'],
    ['I10, E11.9', 'none'],
  ])

  test('how they relate, and which exist', () => {
    expect(rows.map((row) => codesExact.isRight(row, task))).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
    expect(codeRelations(rows)).toEqual({
      relations: {
        exact: 2,
        'too general': 1,
        'too specific': 1,
        'same category': 0,
        'same chapter': 2,
        wrong: 0,
      },
      missing: 2,
      extra: 1,
    })
    const valid = codesValid(['j45901', 'J45.9', 'I10', 'J44.1', 'E11.9'])
    expect(rows.map((row) => valid.isRight(row, task))).toEqual([true, true, true, true, false, true])
  })
})

describe('sections', () => {
  const task: EvaluationTask = { kind: 'text', sections: ['Fact', 'Legal basis', 'Risk', 'Recommendation'] }
  const whole = 'Fact: a\n## Legal basis\n§ 3\n**Risk** — low\n4. Recommendation: wait\nand see'
  test.each([
    [whole, true, 1],
    ['FACT a\nLegal basis b\nRisk: c\nRecommendation d', true, 1],
    ['Fact: a\nRisk: c\nLegal basis: b\nRecommendation: d', false, 0.75],
    ['Fact: a\nLegal basis:\nRisk: c\nRecommendation: d', false, 0.75],
    ['Factual: a\nRisky: b', false, 0],
    ['Fact: a\nFact: b\nLegal basis: b\nRisk: c\nRecommendation: d', false, 1],
    ['', false, 0],
  ])('%j', (answer, isWhole, share) => {
    const [row] = rowsOf(task, [[whole, answer]])
    expect(sectionForm.isRight(row!, task)).toBe(isWhole)
    expect(sectionShare.rowScore(row!, task)).toBe(share)
  })

  test('each by itself', () => {
    const answers = [whole, 'Fact: b\nRisk:', 'Fact: a\nFact: a\nRisk: low', '']
    const rows = rowsOf(
      task,
      answers.map((answer): [string, string] => [whole, answer]),
    )
    const results = sectionResults(rows, task)!
    expect(
      results.map(({ found, empty, repeated, same, tokenF1 }) => [found, empty, repeated, same, tokenF1]),
    ).toEqual([
      // The first of two counts.
      [2, 0, 1, 2, 0.5],
      [1, 0, 0, 1, 0.25],
      [2, 1, 0, 2, 0.5],
      [1, 0, 0, 1, 0.25],
    ])
    expect(results.map(({ rows: all, expected }) => [all, expected])).toEqual(results.map(() => [4, 4]))
    expect(sectionResults(rows, { kind: 'text' })).toBeUndefined()
  })

  test('the longer heading is meant', () => {
    const found = findSections('Risk assessment: x\nRisk: y', ['Risk', 'Risk assessment'])
    expect(found.map(({ section }) => section)).toEqual([1, 0])
  })
})

const ids = (task: EvaluationTask): string[] => metricsOf(task).map(({ id }) => id)

describe('the metrics of a task', () => {
  test('those that are named, the first as the headline', () => {
    expect(metricsOf({ kind: 'text', metrics: ['chrf', 'bleu'] }).map(({ id }) => id)).toEqual([
      'chrf',
      'bleu',
    ])
    expect(() => metricsOf({ kind: 'text', metrics: ['rogue-1'] })).toThrow('has no metric "rogue-1"')
  })

  test('what the task gives decides what else is measured', () => {
    expect(ids({ kind: 'labels', labels: ['a'], abstain: 'a' })).toEqual([
      'accuracy',
      'macro-f1',
      'out-of-scope-f1',
    ])
    expect(ids({ kind: 'json', fields: [{ field: 'a', match: 'text' }], schema: true })).toEqual([
      'fields-match',
      'field-accuracy',
      'field-f1',
      'schema-valid',
    ])
    expect(ids({ kind: 'text', sections: ['a'] })).toEqual(['token-f1', 'exact-match', 'section-form'])
  })

  test('every name is small letters, digits and dashes, and stands once', () => {
    for (const kind of ['labels', 'json', 'tool-calls', 'spans', 'codes', 'text'] as const) {
      const named = metricIds(kind)
      expect(named.length).toBeGreaterThan(5)
      expect(new Set(named).size).toBe(named.length)
      for (const id of named) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    }
  })
})

describe("a user's metric", () => {
  const [row] = rowsOf({ kind: 'text' }, [['yes', 'no']])
  test('gets the row, and gives a number or a truth', () => {
    const seen: unknown[] = []
    const metric = userMetric('mine', (given) => {
      seen.push(given)
      return 0.25
    })
    expect(metric.rowScore(row!, { kind: 'text' })).toBe(0.25)
    expect(seen).toEqual([{ id: 'row 0', input: 'asked', expected: 'yes', answer: 'no' }])
    expect(userMetric('mine', ({ answer }) => answer === 'no').rowScore(row!, { kind: 'text' })).toBe(1)
  })

  test.each([
    [() => 2, 'gives 2 for row 0'],
    [() => Number.NaN, 'gives NaN'],
    [async () => 1, 'gives a promise'],
    [
      () => {
        throw new Error('no such field')
      },
      'failed on row 0: no such field',
    ],
  ])('what is no score is refused: %s', (score, message) => {
    const metric = userMetric('mine', score as () => number)
    expect(() => metric.rowScore(row!, { kind: 'text' })).toThrow(message)
  })
})
