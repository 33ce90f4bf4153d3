import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../core/errors.ts'
import { createAnswerReader } from './read-answer.ts'
import type { Reading } from './reading.ts'

const routes = ['FAST_TRACK', 'FRAUD_REVIEW', 'MANUAL_REVIEW']
const routed = createAnswerReader({ kind: 'labels', field: 'ROUTE', labels: routes })
const whole = createAnswerReader({ kind: 'labels', labels: routes })
const reasonOf = (reading: Reading): string => (reading.readable ? `read ${reading.read}` : reading.reason)

describe('a label in a field', () => {
  test.each([
    'ROUTE: FRAUD_REVIEW\nRATIONALE: two dates',
    'route : fraud_review.',
    '  "ROUTE": "FRAUD_REVIEW",\r\nRATIONALE: x',
    'RATIONALE: first\n\nROUTE: ‘Fraud_Review’ !',
    'ROUTE: FRAUD_REVIEW\nROUTE: fraud_review',
    '"ROUTE: FRAUD_REVIEW"',
  ])('%j is read', (answer) => {
    expect(routed(answer)).toEqual({ readable: true, read: 'FRAUD_REVIEW' })
  })

  test.each([
    ['', 'the answer is empty'],
    [' \n\t', 'the answer is empty'],
    ['FRAUD_REVIEW', 'no line "ROUTE: …"'],
    ['The ROUTE: FRAUD_REVIEW', 'no line "ROUTE: …"'],
    ['ROUTES: FRAUD_REVIEW', 'no line "ROUTE: …"'],
    ['ROUTE:\nFRAUD_REVIEW', 'no label'],
    ['ROUTE: FRAUD REVIEW', 'not one of the labels'],
    ['ROUTE: FRAUD_REVIEW or MANUAL_REVIEW', 'not one of the labels'],
    ['ROUTE: **FRAUD_REVIEW**', 'not one of the labels'],
    ['ROUTE: FRAUD_REVIEW\nROUTE: FAST_TRACK', 'several lines "ROUTE: …" that differ'],
    ['ROUTE: FRAUD_REVIEW\nROUTE: ?', 'several lines "ROUTE: …" that differ'],
  ])('%j is unreadable: %s', (answer, reason) => {
    expect(reasonOf(routed(answer))).toBe(reason)
  })

  test('a field may have marks in its name', () => {
    const read = createAnswerReader({ kind: 'labels', field: 'Route?', labels: routes })
    expect(read('route? : fast_track')).toEqual({ readable: true, read: 'FAST_TRACK' })
  })

  test('a name that objects inherit is not a label', () => {
    expect(reasonOf(whole('constructor'))).toBe('not one of the labels')
    expect(reasonOf(routed('__proto__: FRAUD_REVIEW'))).toBe('no line "ROUTE: …"')
  })
})

describe('a label that is the whole answer', () => {
  test.each(['fast_track', '“Fast_Track”.', '\nFAST_TRACK\n'])('%j is read', (answer) => {
    expect(whole(answer)).toEqual({ readable: true, read: 'FAST_TRACK' })
  })

  test('words around it make it unreadable', () => {
    expect(reasonOf(whole('FAST_TRACK, because it is small'))).toBe('not one of the labels')
    expect(reasonOf(whole('FAST_TRACK\nsmall'))).toBe('not one of the labels')
  })

  test('labels that end in a mark, differ by case or are composed differently are told apart', () => {
    const read = createAnswerReader({ kind: 'labels', labels: ['paid?', 'paid', 'C', 'c', 'café'] })
    expect(read('paid?')).toEqual({ readable: true, read: 'paid?' })
    expect(read('PAID')).toEqual({ readable: true, read: 'paid' })
    expect(reasonOf(read('paid!'))).toBe('fits more than one label')
    expect(read('C')).toEqual({ readable: true, read: 'C' })
    expect(read('cafe\u0301.')).toEqual({ readable: true, read: 'café' })
    const upper = createAnswerReader({ kind: 'labels', labels: ['Ab', 'aB'] })
    expect(reasonOf(upper('ab'))).toBe('fits more than one label')
  })

  test('every declared label reads as itself, whatever is declared beside it', () => {
    const label = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.trim() !== '')
    const labels = fc.uniqueArray(label, {
      minLength: 1,
      maxLength: 8,
      selector: (text) => text.trim().normalize('NFC'),
    })
    fc.assert(
      fc.property(labels, (declared) => {
        const read = createAnswerReader({ kind: 'labels', labels: declared })
        for (const each of declared) expect(read(` ${each}\n`)).toEqual({ readable: true, read: each })
      }),
    )
  })

  test('any text gives a reading', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof routed(text).readable).toBe('boolean')
        expect(typeof whole(text).readable).toBe('boolean')
      }),
    )
  })
})

test.each([
  [{ kind: 'labels', labels: [] }],
  [{ kind: 'labels', labels: ['a', ' '] }],
  [{ kind: 'labels', labels: ['a', ' a'] }],
  [{ kind: 'labels', labels: ['a'], field: ' ' }],
  [{ kind: 'labels', labels: ['a'], field: '"' }],
  [{ kind: 'labels', labels: ['a'], field: 'a:b' }],
] as const)('refuses the task %j', (task) => {
  expect(() => createAnswerReader(task)).toThrow(HoneError)
})

describe('JSON', () => {
  const read = createAnswerReader({ kind: 'json' })

  test('equal values have equal readings', () => {
    expect(read(' {"b": 1.0, "a": [true, "\\u0041"]}\n')).toMatchObject({
      readable: true,
      read: '{"a":[true,"A"],"b":1}',
    })
  })

  test.each([
    ['{"a": 1', 'not JSON'],
    ['Here: {"a": 1}', 'not JSON'],
    ['{"a": 1} {"a": 1}', 'not JSON'],
    ['```json\n{"a": 1}\n```', 'JSON inside a code fence'],
    [`${'['.repeat(101)}${']'.repeat(101)}`, 'JSON nested deeper than 100 levels'],
    ['1e999', 'JSON with a number or a character that has no value'],
    ['"\\ud800"', 'JSON with a number or a character that has no value'],
  ])('%j is unreadable: %s', (answer, reason) => {
    expect(reasonOf(read(answer))).toBe(reason)
  })

  test('brackets in strings are not nesting, and a million of them do no harm', () => {
    expect(read(JSON.stringify({ a: '\\"[{'.repeat(200) })).readable).toBe(true)
    expect(reasonOf(read('['.repeat(1_000_000)))).toBe('JSON nested deeper than 100 levels')
  })
})

test('free text is read without the white space around it', () => {
  expect(createAnswerReader({ kind: 'text' })(' a b\n')).toEqual({ readable: true, read: 'a b' })
})
