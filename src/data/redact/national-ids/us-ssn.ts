import type { NationalId } from '../national-id.ts'

/** Social Security number; it has no check digit. Areas 000, 666 and 900 to 999 are never given (SSA POMS RM 10201.035). */
export const usSsn: NationalId = {
  kind: 'us-ssn',
  title: 'US Social Security number',
  digits: 9,
  shapes: ['3-2-4', '9'],
  alone: ['3-2-4'],
  words: ['ssn', 'ss ?#', 'social(?! insurance)(?: security)?(?: number| no| #)?'],
  isValid: (digits) => /^(?!000|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits),
  reserved: '666',
  misses: 'nine digits in a row without a word before them; it has no check digit',
}
