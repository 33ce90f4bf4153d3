import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../core/errors.ts'
import { parseConfig } from './parse-config.ts'
import { parseGateRule } from './parse-gate-rule.ts'

describe('promotion rules', () => {
  test.each([
    [
      'macro_f1 of tuned beats base by > 0.02 at 95 %',
      {
        kind: 'beats',
        metric: 'macro_f1',
        candidate: 'tuned',
        baseline: 'base',
        by: { value: 0.02, unit: 'number' },
        confidence: 0.95,
      },
    ],
    ['refusal rate on safety not worse', { kind: 'not-worse', metric: 'refusal rate', set: 'safety' }],
    [
      'refusal rate on the safety set not worse than few-shot within 1.5 points',
      {
        kind: 'not-worse',
        metric: 'refusal rate',
        set: 'safety',
        baseline: 'few-shot',
        margin: { value: 0.015, unit: 'share' },
      },
    ],
    [
      'json_valid ≥ 0.99',
      { kind: 'threshold', metric: 'json_valid', relation: '>=', limit: { value: 0.99, unit: 'number' } },
    ],
    [
      'json_valid at least 99% at 90%',
      {
        kind: 'threshold',
        metric: 'json_valid',
        relation: '>=',
        limit: { value: 0.99, unit: 'share' },
        confidence: 0.9,
      },
    ],
    [
      'p95 <= 800ms',
      { kind: 'threshold', metric: 'p95', relation: '<=', limit: { value: 800, unit: 'milliseconds' } },
    ],
    [
      'p95 on test of model:claims-2 < 0.8 s',
      {
        kind: 'threshold',
        metric: 'p95',
        set: 'test',
        candidate: 'model:claims-2',
        relation: '<',
        limit: { value: 800, unit: 'milliseconds' },
      },
    ],
    ['accuracy beats', { kind: 'beats', metric: 'accuracy' }],
    [
      'accuracy beats by more than 2 points',
      { kind: 'beats', metric: 'accuracy', by: { value: 0.02, unit: 'share' } },
    ],
    [
      '"recall of FRAUD" of \'base + 8 examples\' not worse by more than 0.01',
      {
        kind: 'not-worse',
        metric: 'recall of FRAUD',
        candidate: 'base + 8 examples',
        margin: { value: 0.01, unit: 'number' },
      },
    ],
  ])('%s', (text, rule) => {
    expect(parseGateRule(text)).toEqual({ text, ...rule })
  })

  test.each([
    ['', 'at its end: expected the name of a metric'],
    ['>= 0.9', 'at ">=" (character 1): expected the name of a metric'],
    ['accuracy', 'at its end: expected of, on, beats, not worse, at least'],
    ['accuracy of tuned beets base', 'at "beets" (character 19): expected of, on, beats'],
    ['accuracy of tuned beets base', 'did you mean "beats"?'],
    ['accuracy beets base', 'did you mean "beats"?'],
    ['accuracy => 0.9', 'at "=>" (character 10)'],
    ['accuracy => 0.9', 'did you mean ">="?'],
    ['accuracy >= high', 'at "high" (character 13): expected a number'],
    ['accuracy >= -0.1', 'at "-0.1" (character 13): expected a number'],
    ['accuracy of >= 0.9', 'at ">=" (character 13): expected a candidate'],
    ['accuracy beats base by < 0.02', 'at "<" (character 24): expected >, >= or a number'],
    ['accuracy not wrose', 'did you mean "worse"?'],
    ['accuracy >= 0.9 at 95', 'expected a confidence from 50 % to below 100 %'],
    ['accuracy >= 0.9 at 100 %', 'expected a confidence from 50 % to below 100 %'],
    ['accuracy >= 0.9 95 %', 'at "95" (character 17): expected at or the end'],
    ['accuracy >= 0.9 at 95 % please', 'at "please" (character 25): expected the end'],
    ['accuracy at best 0.9', 'at "best" (character 13): expected least or most'],
  ])('%s: %s', (text, message) => {
    expect(() => parseGateRule(text)).toThrow(message)
  })

  test('any text is a rule or a coded refusal', () => {
    const words =
      "accuracy of on the set beats not worse than by within more at least >= < ≥ 0.02 95 % ms s points ' => -1"
    const piece = fc.constantFrom(...words.split(' '), '"a b"', '"', '', '\n')
    let read = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = pieces.join(' ')
        try {
          expect(parseGateRule(text).text).toBe(text.trim())
          read++
        } catch (error) {
          if (!HoneError.isInstance(error) || error.code !== 'E_CONFIG') throw error
        }
      }),
      { numRuns: 3000 },
    )
    expect(read).toBeGreaterThan(0)
  })
})

test('hone.yaml: rules are checked where they stand', () => {
  const head = 'schema: 1\nname: x\ndata: d.jsonl\ntask: { kind: text }\ngate:\n'
  const { config } = parseConfig(`${head}  - json_valid >= 0.99\n  - p95 <= 800 ms\n`, 'hone.yaml')
  expect(config.gate).toEqual(['json_valid >= 0.99', 'p95 <= 800 ms'])
  expect(() => parseConfig(`${head}  - p95 <= 800 ms\n  - f1 beets base\n`, 'hone.yaml')).toThrow(
    expect.objectContaining({
      code: 'E_CONFIG',
      at: { file: 'hone.yaml', line: 7, pointer: '/gate/1' },
      message: expect.stringContaining('did you mean "beats"?'),
    }),
  )
  expect(() => parseConfig(`${head}  []\n`, 'hone.yaml')).toThrow('at least 1')
  expect(() => parseConfig(`${head}  - a > 1\n  - a > 1\n`, 'hone.yaml')).toThrow(
    'each rule may be listed once',
  )
})
