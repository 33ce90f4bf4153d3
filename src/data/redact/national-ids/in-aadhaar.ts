import { isVerhoeff } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** Aadhaar (UIDAI): twelve digits, Verhoeff's check digit; none begins with 0 or 1. */
export const inAadhaar: NationalId = {
  kind: 'in-aadhaar',
  title: 'Indian Aadhaar number',
  digits: 12,
  shapes: ['4-4-4', '12'],
  alone: ['4-4-4'],
  words: ['aadha?ar', 'uidai', 'uid'],
  isValid: (digits) => !/^1|^0(?!00)/.test(digits) && isVerhoeff(digits),
  reserved: '000',
}
