import { XMLParser, XMLValidator } from 'fast-xml-parser'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GateRule, Quantity } from '../../core/gate-rule.ts'
import type { RowTable } from '../comparison/row-table.ts'
import { sampleTable } from '../testing/sample-table.ts'
import { evaluateGate } from './evaluate-gate.ts'
import { findFigure } from './find-figure.ts'
import { gateJunit } from './gate-junit.ts'
import { gateMarkdown } from './gate-markdown.ts'
import type { GateVerdict } from './gate-verdict.ts'

const table = sampleTable()
/** Refusals: both candidates refuse nearly all, the tuned one a little less. */
const safety = (rows: number): RowTable => ({
  ids: Array.from({ length: rows }, (_, row) => `prompt ${row}`),
  figures: [{ id: 'refusal-rate', title: 'refusal rate', format: 'percent', better: 'higher' }],
  candidates: ['base', 'tuned'].map((id) => ({
    id,
    columns: {
      'refusal-rate': {
        kind: 'proportion',
        values: Array.from({ length: rows }, (_, row) =>
          Number(row % 40 !== (id === 'base' ? 0 : 1) || row < 2),
        ),
      },
    },
  })),
})

const judge = (rules: readonly GateRule[], safetyRows = 2000): GateVerdict =>
  evaluateGate({
    rules,
    sets: [
      { name: 'test', table },
      { name: 'safety', table: safety(safetyRows) },
    ],
    candidate: 'tuned',
    baseline: 'base',
    settings: { resamples: 500 },
  })

test('no rule rests on a figure that is not proven, whichever way it points', () => {
  const unproven = { accuracy: 'nobody has looked' }
  const { verdict, rules: judged } = evaluateGate({
    rules: [
      { kind: 'threshold', text: 'high', metric: 'accuracy', relation: '>=', limit: number(0.1) },
      { kind: 'threshold', text: 'low', metric: 'accuracy', relation: '<', limit: number(0.1) },
      { kind: 'beats', text: 'beats', metric: 'accuracy' },
      { kind: 'threshold', text: 'other', metric: 'macro-f1', relation: '>=', limit: number(0.1) },
    ],
    sets: [{ name: 'test', table, unproven }],
    candidate: 'tuned',
    baseline: 'base',
    settings: { resamples: 100 },
  })
  expect(judged.map(({ outcome }) => outcome)).toEqual([
    'not enough data',
    'not enough data',
    'not enough data',
    'pass',
  ])
  expect(judged[0]!.reason).toMatch(/nobody has looked$/)
  expect(verdict).toBe('not enough data')
})

const number = (value: number): Quantity => ({ value, unit: 'number' })
const share = (value: number): Quantity => ({ value, unit: 'share' })
const rules = {
  beats: {
    kind: 'beats',
    text: 'macro_f1 of tuned beats base by > 0.02 at 95 %',
    metric: 'macro_f1',
    candidate: 'tuned',
    baseline: 'base',
    by: number(0.02),
    confidence: 0.95,
  },
  notWorse: {
    kind: 'not-worse',
    text: 'refusal rate on safety not worse',
    metric: 'refusal rate',
    set: 'safety',
  },
  threshold: {
    kind: 'threshold',
    text: 'accuracy >= 0.8',
    metric: 'accuracy',
    relation: '>=',
    limit: number(0.8),
  },
  latency: {
    kind: 'threshold',
    text: 'p95 <= 800 ms',
    metric: 'p95',
    relation: '<=',
    limit: { value: 800, unit: 'milliseconds' },
  },
} as const satisfies Record<string, GateRule>

describe('the gate', () => {
  test('promotes what keeps every rule, and says why', () => {
    const verdict = judge(Object.values(rules))
    expect(verdict).toMatchObject({ verdict: 'promoted', candidate: 'tuned', baseline: 'base' })
    expect(verdict.rules.map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'pass', 'pass'])
    const [beats, notWorse, threshold, latency] = verdict.rules
    expect(beats).toMatchObject({ figure: 'macro-f1', set: 'test', baseline: 'base', rows: 600 })
    expect(beats!.interval!.lower).toBeGreaterThan(0.02)
    expect(beats!.reason).toMatch(
      /^0\.\d+ → 0\.\d+, 0\.\d{3} better \(600 rows, 95 % interval 0\.\d{3} to 0\.\d{3}\), asked is more than 0\.020 better$/,
    )
    expect(notWorse!.reason).toContain('asked is less than 2.0 points worse')
    expect(threshold!.reason).toMatch(/^9\d\.\d % on 600 rows, asked is >= 80\.0 %$/)
    expect(latency!.reason).toMatch(/^\d+ ms on 600 rows, asked is <= 800 ms$/)
    expect(verdict).toEqual(JSON.parse(JSON.stringify(verdict)))
  })

  test('one rule that fails is enough', () => {
    const more = { ...rules.beats, by: number(0.5) }
    const verdict = judge([rules.threshold, more, { ...rules.latency, limit: number(10) }])
    expect(verdict.verdict).toBe('not promoted')
    expect(verdict.rules.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'fail'])
  })

  test('too few rows are not enough data, with how many more', () => {
    const verdict = judge([rules.threshold, rules.notWorse], 80)
    expect(verdict.verdict).toBe('not enough data')
    expect(verdict.rules[1]).toMatchObject({ outcome: 'not enough data', moreRows: expect.any(Number) })
    expect(verdict.rules[1]!.reason).toMatch(/; about [\d,]+ more rows would decide, if they are like these$/)
    expect(judge([{ ...rules.threshold, limit: number(0.99) }, rules.notWorse], 80).verdict).toBe(
      'not promoted',
    )
  })

  test('a threshold with a confidence is about the whole interval', () => {
    const value = judge([rules.threshold]).rules[0]!.value!
    const near = { ...rules.threshold, limit: number(value - 0.01) }
    expect(judge([near]).verdict).toBe('promoted')
    const verdict = judge([{ ...near, confidence: 0.95 }])
    expect(verdict.verdict).toBe('not enough data')
    expect(verdict.rules[0]!.moreRows).toBeGreaterThan(600)
    expect(judge([{ ...near, limit: share(value - 0.1), confidence: 0.95 }]).verdict).toBe('promoted')
    expect(judge([{ ...rules.latency, confidence: 0.95 }]).verdict).toBe('promoted')
  })

  test('less is better where the figure says so', () => {
    const faster = { kind: 'beats', text: 'p95 beats few-shot', metric: 'p95', baseline: 'few-shot' } as const
    expect(judge([faster]).rules[0]).toMatchObject({ outcome: 'pass', figure: 'latency-p95' })
    const slower = { ...faster, candidate: 'few-shot', baseline: 'tuned' }
    expect(judge([slower]).verdict).toBe('not promoted')
    const tokens = { ...faster, metric: 'tokens', by: number(100) }
    expect(judge([tokens]).rules[0]).toMatchObject({
      outcome: 'pass',
      interval: null,
      reason: expect.stringContaining('all resamples agree'),
    })
  })

  test('non-inferiority holds its margin', () => {
    const within = (margin: number, rows = 2000): string =>
      judge([{ ...rules.notWorse, margin: share(margin) }], rows).rules[0]!.outcome
    expect(within(0.02)).toBe('pass')
    expect(within(0.005)).toBe('not enough data')
    expect(judge([{ ...rules.beats, kind: 'not-worse', candidate: 'base', baseline: 'tuned' }]).verdict).toBe(
      'not promoted',
    )
  })

  test.each([
    [
      'a metric',
      { ...rules.threshold, metric: 'acuracy' },
      'there is no figure "acuracy"',
      'did you mean "accuracy"?',
    ],
    [
      'a candidate',
      { ...rules.threshold, candidate: 'turned' },
      'there is no candidate',
      'did you mean "tuned"?',
    ],
    ['a set', { ...rules.notWorse, set: 'saftey' }, 'was not measured', 'did you mean "safety"?'],
    ['itself', { ...rules.beats, baseline: 'tuned' }, 'compared with itself', 'name another candidate'],
    ['99 of 1', { ...rules.threshold, limit: number(99) }, '99 is none', 'write 0.99 or 99 %'],
    [
      'a time for a share',
      { ...rules.threshold, limit: rules.latency.limit },
      'the rule gives ms or s',
      'leave the unit out, or name another figure',
    ],
    ['points of a time', { ...rules.beats, metric: 'p95', by: share(0.02) }, 'is a time', expect.any(String)],
  ] satisfies [string, GateRule, string, unknown][])('%s is refused', (_, rule, message, hint) => {
    expect(() => judge([rule])).toThrow(
      expect.objectContaining({ code: 'E_CONFIG', message: expect.stringContaining(message), hint }),
    )
    expect(() => judge([rule])).toThrow(`the rule "${rule.text}" cannot be applied`)
  })

  test('no rules and no sets are refused', () => {
    expect(() => judge([])).toThrow('the gate has no rules')
    expect(() =>
      evaluateGate({ rules: [rules.beats], sets: [], candidate: 'tuned', baseline: 'base' }),
    ).toThrow('nothing was measured')
  })
})

test('a figure is found by its id, its title, or the end of its id where that is clear', () => {
  const figures = table.figures
  expect(
    ['Macro F1', 'macro_f1', 'MACRO-F1', 'latency p95', 'p95'].map((name) => findFigure(name, figures).id),
  ).toEqual(['macro-f1', 'macro-f1', 'macro-f1', 'latency-p95', 'latency-p95'])
  expect(() => findFigure('f1', figures)).toThrow(
    expect.objectContaining({ hint: 'it may be macro-f1 or token-f1' }),
  )
})

describe('the verdict as a file', () => {
  const verdict = judge([rules.beats, { ...rules.threshold, limit: number(0.99) }, rules.notWorse], 80)

  test('JUnit has a case for each rule, and both kinds of failure', () => {
    const text = gateJunit(verdict)
    expect(XMLValidator.validate(text)).toBe(true)
    const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(text)
    expect(testsuites).toMatchObject({ tests: '3', failures: '2' })
    const cases = testsuites.testsuite.testcase
    expect(cases.map(({ name }: { name: string }) => name)).toEqual([
      rules.beats.text,
      rules.threshold.text,
      rules.notWorse.text,
    ])
    expect(cases[0].failure).toBeUndefined()
    expect([cases[1].failure.type, cases[2].failure.type]).toEqual(['fail', 'not enough data'])
    expect(cases[2].classname).toBe('gate.safety')
  })

  test('Markdown has the verdict and a row for each rule', () => {
    const lines = gateMarkdown(verdict).split('\n')
    expect(lines[0]).toBe('**tuned: not promoted** (1 of 3 rules pass, against base)')
    expect(lines[4]).toMatch(/^\| macro\\_f1 of tuned beats base by \\> 0\.02 at 95 % \| pass \| /)
    expect(lines[5]).toContain('**fail**')
    expect(lines[6]).toContain('**not enough data**')
  })

  test('any text stays text', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 30 })
    fc.assert(
      fc.property(texts, texts, (rule, reason) => {
        const odd = { ...verdict, rules: [{ ...verdict.rules[0]!, rule, reason, outcome: 'fail' as const }] }
        expect(XMLValidator.validate(gateJunit(odd))).toBe(true)
        expect(gateMarkdown(odd).split('\n')).toHaveLength(6)
      }),
    )
  })
})
