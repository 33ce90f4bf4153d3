import { isMod11Of10 } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

/** Steuerliche Identifikationsnummer (§ 139b AO): one of the first ten digits occurs twice or thrice; 0 begins test numbers. */
export const deTaxId: NationalId = {
  kind: 'de-tax-id',
  title: 'German tax number (Steuer-ID)',
  digits: 11,
  shapes: ['2-3-3-3', '11'],
  alone: ['2-3-3-3'],
  words: ['steuer(?:liche)?-? ?(?:id(?:entifikationsnummer)?|nummer)(?:-?nr)?', 'idnr', 'tin'],
  isValid(digits) {
    const counts = Array.from(
      { length: 10 },
      (_, digit) => digits.slice(0, 10).split(String(digit)).length - 1,
    )
    const repeated = counts.filter((count) => count > 1)
    return !/^0(?!00)/.test(digits) && repeated.length === 1 && (repeated[0] ?? 0) <= 3 && isMod11Of10(digits)
  },
  reserved: '000',
}
