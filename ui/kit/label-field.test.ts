import { expect, test } from 'vitest'
import { findLabelField } from './label-field.ts'

const routes = ['WATER', 'STORM', 'FRAUD']

test('the field whose values come again, not the one that says something else each time', () => {
  const answers = Array.from(
    { length: 20 },
    (_, at) => `ROUTE: ${routes[at % 3]}\nRATIONALE: Because of the number ${at}.`,
  )
  expect(findLabelField(answers)).toBe('ROUTE')
})

test('answers that are labels themselves, prose, and nothing at all have none', () => {
  expect(findLabelField(['red', 'green', 'red', 'blue'])).toBeUndefined()
  expect(findLabelField(Array.from({ length: 10 }, (_, at) => `Note: it is ${at}`))).toBeUndefined()
  expect(findLabelField([])).toBeUndefined()
})
