import { isDayAndMonth, weighted } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** PESEL: birth date with the century in the month (80 is the 19th), serial, check digit. */
export const plPesel: NationalId = {
  kind: 'pl-pesel',
  title: 'Polish PESEL',
  digits: 11,
  shapes: ['11'],
  alone: ['11'],
  words: ['pesel'],
  isValid: (digits) =>
    isDayAndMonth(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)) % 20) &&
    !/^..[46]/.test(digits) &&
    weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
  // Somebody born in December 1800 with a number that begins with the year 00 and the month 92.
  reserved: '0092',
  misses: 'with a digit wrong; one in forty other numbers of eleven digits in a row looks like it',
}
