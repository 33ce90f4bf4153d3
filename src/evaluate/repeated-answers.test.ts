import { describe, expect, test } from 'vitest'
import { compareTable } from './comparison/compare-table.ts'
import { evaluationTable } from './comparison/evaluation-table.ts'
import { createEvaluation } from './create-evaluation.ts'
import type { Evaluation } from './evaluation.ts'
import { evaluateGate } from './gate/evaluate-gate.ts'
import { repeatLines } from './report/repeat-lines.ts'
import { repeatsOf, repeatSummary } from './repeated-answers.ts'

const answer = (text: string) =>
  text === '!'
    ? {
        answer: '',
        promptTokens: 0,
        completionTokens: 0,
        failed: { code: 'E_PROVIDER', message: 'gone' },
      }
    : { answer: text, promptTokens: 1, completionTokens: 1 }

const rule = (metric: string) => ({
  kind: 'threshold' as const,
  text: metric,
  metric,
  relation: '>=' as const,
  limit: { value: 0.3, unit: 'share' as const },
})

const many = (word: string): string[] => Array.from({ length: 60 }, () => word)

/** Rows whose expected answer is "a", with the answers of each repeat as a word. */
function evaluationOf(candidates: Readonly<Record<string, readonly string[]>>): Evaluation {
  const rows = Object.values(candidates)[0]!.length
  return createEvaluation({
    task: { kind: 'labels', labels: ['a', 'b'] },
    split: 'test',
    examples: Array.from({ length: rows }, (_, at) => ({ id: `${at}`, input: `${at}`, expected: 'a' })),
    candidates: Object.entries(candidates).map(([id, words]) => ({
      id,
      description: '',
      answers: words.map((word, at) => {
        const [first = '', ...more] = word
        return {
          exampleId: `${at}`,
          ...answer(first),
          ...(more.length === 0 ? {} : { repeats: more.map(answer) }),
        }
      }),
    })),
    settings: { resamples: 50 },
  })
}

describe('repeats', () => {
  const evaluation = evaluationOf({ base: ['a', 'b', 'a', 'b'], warm: ['aaa', 'aab', 'bab', '!bb'] })
  const summary = repeatSummary(evaluation, 'warm')!

  test('are counted however many rows there are', () => {
    const row = { ...evaluation.candidates[1]!.rows[0]! }
    expect(repeatsOf(Array.from({ length: 300_000 }, () => row))).toBe(3)
    expect(repeatsOf([])).toBe(1)
  })

  test('pass^k and pass@k by hand', () => {
    // 3, 2, 1 and 0 of 3 right: pass^1 = pass@1 = 6/12; of pairs 3, 1, 0, 0 of 3 are right, and 3, 3, 2, 0 have one right.
    expect(summary.allRight.map(({ value }) => value)).toEqual([
      expect.closeTo(0.5, 12),
      expect.closeTo(4 / 12, 12),
      expect.closeTo(1 / 4, 12),
    ])
    expect(summary.anyRight.map(({ value }) => value)).toEqual([
      expect.closeTo(0.5, 12),
      expect.closeTo(8 / 12, 12),
      expect.closeTo(3 / 4, 12),
    ])
    expect(summary.undecidedRows).toBe(2)
  })

  test('the spread between repeats, by hand', () => {
    const [accuracy] = summary.spread
    // Right rows of each repeat: 2, 3, 1 of 4.
    expect(accuracy).toEqual({
      metric: 'accuracy',
      values: [0.5, 0.75, 0.25],
      mean: 0.5,
      standardDeviation: expect.closeTo(0.25, 12),
    })
  })

  test('a candidate without repeats has none', () => {
    expect(repeatSummary(evaluation, 'base')).toBeUndefined()
  })

  test('rules may name every k, comparisons have the largest', () => {
    expect(evaluationTable(evaluation).figures.map(({ id }) => id)).toEqual([
      'accuracy',
      'macro-f1',
      'pass^3',
      'pass@3',
    ])
    const table = evaluationTable(evaluation, { withAll: true })
    const { rules } = evaluateGate({
      rules: ['pass^2', 'pass^3', 'pass@3'].map(rule),
      sets: [{ name: 'test', table }],
      candidate: 'warm',
      baseline: 'base',
    })
    expect(rules.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'pass'])
  })

  test('two candidates with repeats are compared pair by pair', () => {
    const both = evaluationOf({ warm: many('ab'), steady: many('aa') })
    const found = compareTable(evaluationTable(both), 'steady').differences.find(
      ({ figure }) => figure === 'pass^2',
    )
    expect(found).toMatchObject({ before: 0, after: 1, verdict: 'better' })
  })

  test('as lines', () => {
    expect(repeatLines(evaluation)).toEqual([
      'warm, 3 answers to each row: all right 25.0 %, any right 75.0 %, one by one 50.0 %; 2 of 4 rows not always the same',
      'warm, accuracy between repeats: 25.0 % to 75.0 %, standard deviation 25.0 points',
    ])
  })
})
