import { weighted } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** NHS number (NHS Data Dictionary, modulus 11); 999 is kept for tests. */
export const gbNhs: NationalId = {
  kind: 'gb-nhs',
  title: 'UK NHS number',
  digits: 10,
  shapes: ['3-3-4', '10'],
  alone: [],
  words: ['nhs', 'national health'],
  isValid: (digits) => weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  reserved: '999',
}
