import { isDayAndMonth, isLuhn } from '../check-digits.ts'
import { drawDigits } from '../fill-form.ts'
import type { NationalId } from '../national-id.ts'

/** Personnummer: birth date, serial, Luhn over ten digits; 980 to 999 are the serials of Skatteverket's test numbers. */
export const sePersonnummer: NationalId = {
  kind: 'se-personnummer',
  title: 'Swedish personnummer',
  digits: 10,
  shapes: ['6-4', '8-4', '10', '12'],
  alone: ['8-4'],
  words: ['person-?nummer', 'person-?nr', 'pnr'],
  isValid: (digits) =>
    isDayAndMonth(Number(digits.slice(4, 6)), Number(digits.slice(2, 4))) && isLuhn(digits),
  reserved: /^\d{6}9[89]/,
  draw: (random) => `00010198${drawDigits(random, 2)}`,
}
