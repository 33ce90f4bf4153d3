import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAnswerReader } from '../read-answer.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import { unreadable, type Reading } from '../reading.ts'
import { confusionMatrix } from './confusion-matrix.ts'
import { accuracy, jsonExactMatch, textExactMatch } from './exact-match.ts'
import { fieldAccuracy, fieldResults } from './field-accuracy.ts'
import { labelResults } from './label-results.ts'
import { macroF1 } from './macro-f1.ts'
import type { ReadRow } from './metric.ts'
import { textTokens, tokenF1 } from './token-f1.ts'

interface Golden {
  readonly labelled: readonly {
    readonly labels: number
    readonly truth: readonly number[]
    readonly predicted: readonly number[]
    readonly accuracy: number
    readonly macroF1: number
    readonly precision: readonly number[]
    readonly recall: readonly number[]
    readonly f1: readonly number[]
    readonly support: readonly number[]
    readonly confusion: readonly (readonly number[])[]
  }[]
  readonly tokenF1: readonly [string, string, number][]
}
const golden: Golden = JSON.parse(readFileSync(new URL('./fixtures/metrics.json', import.meta.url), 'utf8'))

const readingOf = (label: number): Reading =>
  label < 0 ? unreadable('not one of the labels') : { readable: true, read: `label ${label}` }
const labelRows = (truth: readonly number[], predicted: readonly number[]): ReadRow[] =>
  truth.map((label, at) => ({
    expected: { readable: true, read: `label ${label}` },
    answer: readingOf(predicted[at] ?? -1),
  }))
const all = (rows: readonly unknown[]): Uint32Array => Uint32Array.from(rows, (_, at) => at)
const labelTask: EvaluationTask = { kind: 'labels', labels: ['a', 'b'] }

describe('labels, against scikit-learn', () => {
  test('there are goldens', () => expect(golden.labelled.length).toBeGreaterThan(2))

  test.each(golden.labelled)('$labels labels', (expected) => {
    const rows = labelRows(expected.truth, expected.predicted)
    const labels = expected.support.map((_, label) => `label ${label}`)
    const right = rows.filter((row) => accuracy.isRight(row, labelTask)).length
    expect(right / rows.length).toBeCloseTo(expected.accuracy, 14)
    expect(macroF1.statistic(rows, labelTask)(all(rows))).toBeCloseTo(expected.macroF1, 14)
    const matrix = confusionMatrix(rows, labels)
    expect(matrix.counts.map((line, at) => [...line, matrix.unreadable[at]])).toEqual(expected.confusion)
    for (const [at, result] of labelResults(matrix).entries()) {
      expect(result.support).toBe(expected.support[at])
      // scikit-learn writes 0 for what is not defined.
      expect(result.precision ?? 0).toBeCloseTo(expected.precision[at] ?? Number.NaN, 14)
      expect(result.recall ?? 0).toBeCloseTo(expected.recall[at] ?? Number.NaN, 14)
      expect(result.f1 ?? 0).toBeCloseTo(expected.f1[at] ?? Number.NaN, 14)
    }
  })

  test('every row is in exactly one cell, and macro-F1 is in [0, 1]', () => {
    const label = fc.integer({ min: 0, max: 4 })
    const row = fc.tuple(label, fc.integer({ min: -1, max: 4 }))
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (pairs) => {
        const rows = labelRows(
          pairs.map(([truth]) => truth),
          pairs.map(([, predicted]) => predicted),
        )
        const matrix = confusionMatrix(
          rows,
          [0, 1, 2, 3, 4].map((number) => `label ${number}`),
        )
        const cells = [...matrix.counts.flat(), ...matrix.unreadable]
        expect(cells.reduce((sum, count) => sum + count, 0)).toBe(rows.length)
        const score = macroF1.statistic(rows, labelTask)(all(rows))
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        const wrong = pairs.some(([truth, predicted]) => truth !== predicted)
        expect(score === 1).toBe(!wrong)
      }),
    )
  })

  test('a label without a row has no recall, one that was never answered no precision', () => {
    const [first, second] = labelResults(confusionMatrix(labelRows([0], [1]), ['label 0', 'label 1']))
    expect(first).toMatchObject({ support: 1, answered: 0, precision: null, recall: 0, f1: 0 })
    expect(second).toMatchObject({ support: 0, answered: 1, precision: 0, recall: null, f1: null })
  })
})

const textRow = (expected: string, answer: string): ReadRow => ({
  expected: { readable: true, read: expected },
  answer: answer === '' ? unreadable('the answer is empty') : { readable: true, read: answer },
})

const overlap = (expected: string, answer: string): number =>
  tokenF1.rowScore(
    { expected: { readable: true, read: expected }, answer: { readable: true, read: answer } },
    { kind: 'text' },
  )

describe('free text', () => {
  test('there are goldens', () => expect(golden.tokenF1.length).toBeGreaterThan(5))

  test.each(golden.tokenF1.filter(([expected]) => /\w/.test(expected)))(
    'token F1 of %j and %j is %d',
    (expected, answer, score) => {
      expect(tokenF1.rowScore(textRow(expected, answer), { kind: 'text' })).toBeCloseTo(score, 14)
    },
  )

  test('texts without a word are compared as they stand', () => {
    const task: EvaluationTask = { kind: 'text' }
    expect(tokenF1.rowScore(textRow('...', '!'), task)).toBe(0)
    expect(tokenF1.rowScore(textRow('...', '...'), task)).toBe(1)
    expect(textExactMatch.isRight(textRow('...', '!'), task)).toBe(false)
    expect(textExactMatch.isRight(textRow('...', '...'), task)).toBe(true)
    expect(tokenF1.rowScore(textRow('a', ''), task)).toBe(0)
  })

  test('words are normalised; scripts without spaces are split by character', () => {
    expect(textTokens('Ｔｈｅ “Café”, déjà-vu: 20 €!')).toEqual(['the', 'café', 'déjà', 'vu', '20', '€'])
    expect(textTokens('保険の請求 ok')).toEqual(['保', '険', 'の', '請', '求', 'ok'])
    expect(textExactMatch.isRight(textRow('Pay it, now.', 'pay it now'), { kind: 'text' })).toBe(true)
    expect(textExactMatch.isRight(textRow('Pay it now', 'now pay it'), { kind: 'text' })).toBe(false)
  })

  test('texts of ASCII have the words that they have beside other letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(textTokens(text)).toEqual(textTokens(`${text} ü`).slice(0, -1))
      }),
    )
  })

  test('token F1 is symmetric, in [0, 1], and 1 for a text and itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(overlap(a, a)).toBe(1)
        expect(overlap(a, b)).toBe(overlap(b, a))
        expect(overlap(a, b)).toBeGreaterThanOrEqual(0)
        expect(overlap(a, b)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('JSON', () => {
  const task: EvaluationTask = { kind: 'json' }
  const read = createAnswerReader(task)
  const row = (expected: string, answer: string): ReadRow => {
    const truth = read(expected)
    if (!truth.readable) throw new Error(truth.reason)
    return { expected: truth, answer: read(answer) }
  }

  test('equal as a value is right, whatever the order of keys', () => {
    expect(jsonExactMatch.isRight(row('{"a":1,"b":[2]}', ' {"b":[2.0],"a":1}'), task)).toBe(true)
    expect(jsonExactMatch.isRight(row('{"a":1}', '{"a":"1"}'), task)).toBe(false)
    expect(jsonExactMatch.isRight(row('[1,2]', '[2,1]'), task)).toBe(false)
  })

  test.each([
    ['{"a":1,"b":{"x":1,"y":2}}', '{"b":{"y":2,"x":1},"a":2}', 0.5],
    ['{"a":1,"b":2}', '{"a":1}', 0.5],
    ['{"a":1}', '{"a":1,"more":1}', 0.5],
    ['{"a":1}', 'no JSON', 0],
    ['{"a":1}', '[1]', 0],
    ['[1]', '[1]', 1],
    ['{}', '{}', 1],
    ['{}', 'nothing', 0],
    ['{"a":1}', '{"__proto__":1,"a":1}', 0.5],
  ])('fields of %s answered %s: %d', (expected, answer, score) => {
    expect(fieldAccuracy.rowScore(row(expected, answer), task)).toBe(score)
  })

  test('declared fields only are scored, each by its own', () => {
    const declared: EvaluationTask = { kind: 'json', fields: ['a', 'b'] }
    const rows = [row('{"a":1,"b":2,"c":3}', '{"a":1,"b":0,"c":0}'), row('{"a":1}', '{"a":1}')]
    expect(rows.map((each) => fieldAccuracy.rowScore(each, declared))).toEqual([0.5, 1])
    expect(fieldResults(rows, declared)).toMatchObject([
      { field: 'a', right: 2, rows: 2 },
      { field: 'b', right: 1, rows: 2 },
    ])
  })
})
