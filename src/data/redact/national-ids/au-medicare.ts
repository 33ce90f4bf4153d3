import { weighted } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** Medicare card of Australia: eight digits, a check digit modulo 10, the issue; the first is 2 to 6. */
export const auMedicare: NationalId = {
  kind: 'au-medicare',
  title: 'Australian Medicare number',
  digits: 10,
  shapes: ['4-5-1', '10'],
  alone: ['4-5-1'],
  words: ['medicare'],
  isValid: (digits) =>
    /^(?:[2-6]|000)/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]),
  reserved: '000',
}
