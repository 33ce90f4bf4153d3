import { isLuhn } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** Social Insurance Number: Luhn; none begins with 0 (8 begins business numbers). */
export const caSin: NationalId = {
  kind: 'ca-sin',
  title: 'Canadian SIN',
  digits: 9,
  shapes: ['3-3-3', '9'],
  alone: [],
  words: ['sin', 'social insurance(?: number| no)?', 'num[ée]ro d.assurance sociale', 'nas'],
  isValid: (digits) => !/^8|^0(?!00)/.test(digits) && isLuhn(digits),
  reserved: '000',
}
