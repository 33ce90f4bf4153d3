import { isDayAndMonth, weighted } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** Fødselsnummer: birth date, individual number, two check digits modulo 11; 80 is added to the month of synthetic ones. */
export const noFodselsnummer: NationalId = {
  kind: 'no-fodselsnummer',
  title: 'Norwegian fødselsnummer',
  digits: 11,
  shapes: ['6-5', '11'],
  alone: [],
  words: ['f[øo]dselsnummer', 'f[øo]dselsnr', 'personnummer', 'fnr'],
  isValid: (digits) =>
    isDayAndMonth(Number(digits.slice(0, 2)) % 40, Number(digits.slice(2, 4)) % 80) &&
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  reserved: '1081',
}
