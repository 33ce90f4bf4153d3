import { expect, test } from 'vitest'
import { strftime } from './strftime.ts'

// Answers of Python 3.11's datetime.strftime in the C locale.
test.each([
  ['%d %b %Y', '05 Mar 2024'],
  ['%A, %B %-d, %y', 'Tuesday, March 5, 24'],
  ['%a %e %F %T', 'Tue  5 2024-03-05 00:07:09'],
  ['%I:%M %p %j %H', '12:07 AM 065 00'],
  ['100%% %Q', '100% %Q'],
])('%s', (format, expected) => {
  expect(strftime(new Date(2024, 2, 5, 0, 7, 9), format)).toBe(expected)
})
