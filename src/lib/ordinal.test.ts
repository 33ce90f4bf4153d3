import { expect, test } from 'vitest'
import { ordinal } from './ordinal.ts'

test('the ending follows the spoken number', () => {
  const numbers = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1_003]
  expect(numbers.map(ordinal).join(' ')).toBe('1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th 1,003rd')
})
