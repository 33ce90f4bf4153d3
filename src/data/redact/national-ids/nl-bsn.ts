import { weighted } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** Burgerservicenummer ("elfproef": the last digit counts −1); 9999 begins test numbers. */
export const nlBsn: NationalId = {
  kind: 'nl-bsn',
  title: 'Dutch BSN',
  digits: 9,
  shapes: ['9', '3-3-3', '4-2-3'],
  alone: [],
  words: ['bsn', 'burgerservice-?nummer', 'sofi-?nummer'],
  isValid: (digits) => digits !== '000000000' && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
  reserved: '9999',
}
