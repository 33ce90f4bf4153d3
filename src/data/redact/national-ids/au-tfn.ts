import { weighted } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** Australian tax file number: modulus 11. */
export const auTfn: NationalId = {
  kind: 'au-tfn',
  title: 'Australian tax file number',
  digits: 9,
  shapes: ['3-3-3', '9'],
  alone: [],
  words: ['tfn', 'tax file(?: number| no)?'],
  isValid: (digits) => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  reserved: '000',
}
