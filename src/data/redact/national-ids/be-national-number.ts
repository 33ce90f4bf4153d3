import { isDayAndMonth, remainder } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** Rijksregisternummer / numéro national: 97 minus the remainder by 97, with a 2 before it for births since 2000. */
export const beNationalNumber: NationalId = {
  kind: 'be-national-number',
  title: 'Belgian national number',
  digits: 11,
  shapes: ['2-2-2-3-2', '6-3-2', '11'],
  alone: ['2-2-2-3-2'],
  words: [
    'rijksregister(?:nummer)?',
    'num[ée]ro national',
    'registre national',
    'insz',
    'niss',
    'nationaal nummer',
  ],
  isValid(digits) {
    const [body, check] = [digits.slice(0, 9), Number(digits.slice(9))]
    return (
      (isDayAndMonth(Number(digits.slice(4, 6)), Number(digits.slice(2, 4))) || digits.startsWith('0000')) &&
      (97 - remainder(body, 97) === check || 97 - remainder(`2${body}`, 97) === check)
    )
  },
  // Those whose birth date is not known have month and day 00; with the year 00 too, it was never given.
  reserved: '000000',
}
