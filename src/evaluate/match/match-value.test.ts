import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDistance } from './edit-distance.ts'
import { isWhole, matchValue } from './match-value.ts'
import type { Matcher } from './matcher.ts'
import { parseDate } from './parse-date.ts'
import { valueAt } from './value-at.ts'

const objectFields = (fields: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(fields).map(([name, match]) => [name, { match }]))

describe('values', () => {
  test.each([
    [{ match: 'exact' }, { a: 1, b: 2 }, { b: 2, a: 1 }, 1],
    [{ match: 'exact' }, 'Yes', 'yes', 0],
    [{ match: 'text' }, ' “The  Café”.', '"the café"', 1],
    [{ match: 'text' }, 'ﬁne', 'fine', 1],
    [{ match: 'text' }, 'a', 'b', 0],
    [{ match: 'text' }, 12, '12', 1],
    [{ match: 'similar' }, 'ibuprofen', 'Ibuprofin', 8 / 9],
    [{ match: 'number' }, 3, '3.0', 1],
    [{ match: 'number' }, 0.3, 0.1 + 0.2, 1],
    [{ match: 'number' }, 3, 'three', 0],
    [{ match: 'number' }, '1,200.50', 1200.5, 1],
    [{ match: 'number' }, '1.200,50', 1200.5, 0],
    [{ match: 'number', tolerance: 0.5 }, 10, 10.5, 1],
    [{ match: 'number', tolerance: 0.5 }, 10, 10.6, 0],
    [{ match: 'number', relative: 0.1 }, 10, 11, 1],
    [{ match: 'number', relative: 0.1 }, -10, -11.1, 0],
    [{ match: 'date' }, '2025-03-04', 'March 4th, 2025', 1],
    [{ match: 'date' }, '2025-03-04', '04/03/2025', 0],
    [{ match: 'date', order: 'day-first' }, '2025-03-04', '04/03/2025', 1],
    [{ match: 'date' }, 'in two weeks', 'In two weeks.', 1],
    [{ match: 'enum', values: ['High', 'Low'] }, 'High', 'high ', 1],
    [{ match: 'enum', values: ['High', 'Low'] }, 'Medium', 'Medium', 0],
    [{ match: 'icd-10-cm' }, 'J45.901', 'j45901', 1],
    [{ match: 'icd-10-cm' }, 'J45.901', 'J45.9', 0.75],
    [{ match: 'icd-10-cm' }, 'J45.901', 'E11.9', 0],
    [
      { match: 'object', fields: { name: 'text', dose: 'number' } },
      { name: 'A', dose: 5 },
      { name: 'a', dose: 6 },
      0.5,
    ],
    [{ match: 'object', fields: { name: 'text', dose: 'number' } }, { name: 'A' }, { name: 'a' }, 1],
  ] as const)('%j: %j answered %j is %d', (rule, expected, answer, hits) => {
    const matcher = 'fields' in rule ? { match: 'object', fields: objectFields(rule.fields) } : rule
    const overlap = matchValue(matcher as Matcher, expected, answer)
    expect(overlap).toEqual({ hits: expect.closeTo(hits, 12), expected: 1, answered: 1 })
    expect(isWhole(overlap)).toBe(hits === 1)
  })

  test.each([
    [undefined, 'a', { hits: 0, expected: 0, answered: 1 }],
    ['a', null, { hits: 0, expected: 1, answered: 0 }],
    [null, ' ', { hits: 0, expected: 0, answered: 0 }],
  ])('%j answered %j', (expected, answer, overlap) => {
    expect(matchValue({ match: 'text' }, expected, answer)).toEqual(overlap)
  })
})

describe('lists', () => {
  test('a set has no order and no repeats', () => {
    const overlap = matchValue({ match: 'set' }, ['Fever', 'cough', 'cough'], ['cough', 'fever.', 'rash'])
    expect(overlap).toEqual({ hits: 2, expected: 2, answered: 3 })
  })

  test('a list is paired so that it agrees best, with credit for a part', () => {
    const drug: Matcher = {
      match: 'list',
      of: { match: 'object', fields: { name: { match: 'text' }, dose: { match: 'number' } } },
    }
    const expected = [
      { name: 'aspirin', dose: 100 },
      { name: 'metformin', dose: 500 },
    ]
    const answer = [
      { name: 'metformin', dose: 850 },
      { name: 'aspirin', dose: 100 },
      { name: 'ramipril', dose: 5 },
    ]
    expect(matchValue(drug, expected, answer)).toEqual({ hits: 1.5, expected: 2, answered: 3 })
  })

  test('one value counts as a list of it, nothing as an empty one', () => {
    expect(matchValue({ match: 'set' }, ['a'], 'A')).toEqual({ hits: 1, expected: 1, answered: 1 })
    expect(matchValue({ match: 'list' }, [], null)).toEqual({ hits: 0, expected: 0, answered: 0 })
  })

  test('no more agrees than there is, and a list agrees with itself in any order', () => {
    const items = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== ''))
    const kind = fc.constantFrom('set' as const, 'list' as const)
    fc.assert(
      fc.property(kind, items, items, (match, left, right) => {
        const overlap = matchValue({ match }, left, right)
        expect(overlap.hits).toBeLessThanOrEqual(Math.min(overlap.expected, overlap.answered))
        expect(isWhole(matchValue({ match }, left, left.toReversed()))).toBe(true)
      }),
    )
  })
})

test.each([
  ['2025-02-28', '2025-02-28'],
  ['2025-02-29', undefined],
  ['2024-02-29T10:00:00Z', '2024-02-29'],
  ['20250301', '2025-03-01'],
  ['1.3.2025', '2025-03-01'],
  ['13/02/2025', '2025-02-13'],
  ['02/13/2025', '2025-02-13'],
  ['01/02/2025', undefined],
  ['3 Sept. 2025', '2025-09-03'],
  ['the 3rd', undefined],
  ['December 25, 2025', '2025-12-25'],
])('the day of %s is %s', (text, day) => {
  expect(parseDate(text)).toBe(day)
})

test('an order tells which number is the month', () => {
  expect(parseDate('01/02/2025', 'day-first')).toBe('2025-02-01')
  expect(parseDate('01/02/2025', 'month-first')).toBe('2025-01-02')
  expect(parseDate('13/02/2025', 'month-first')).toBeUndefined()
})

test('edit distance is a metric', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 })
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, b) === 0).toBe(a === b)
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
    }),
  )
})

test.each([
  ['name', 'x'],
  ['/list/1/y', 2],
  ['/list/01', undefined],
  ['/a~1b/~0', 3],
  ['/none/of/it', undefined],
  ['toString', undefined],
])('the value at %s is %j', (field, value) => {
  expect(valueAt({ name: 'x', list: [0, { y: 2 }], 'a/b': { '~': 3 } }, field)).toBe(value)
})
