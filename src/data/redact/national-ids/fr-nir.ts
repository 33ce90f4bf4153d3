import { remainder } from '../check-digits.ts'
import { drawDigits } from '../fill-form.ts'
import type { NationalId } from '../national-id.ts'

/**
 * Numéro d'inscription au répertoire (INSEE): sex, year, month, department, commune, order, and 97 minus the remainder of
 * the first thirteen digits by 97. There is no department 00.
 */
export const frNir: NationalId = {
  kind: 'fr-nir',
  title: 'French social security number (NIR)',
  digits: 15,
  shapes: ['1-2-2-2-3-3-2', '15', '13-2'],
  alone: ['1-2-2-2-3-3-2', '15', '13-2'],
  words: ['nir', 's[ée]curit[ée] sociale', 'n° ?s[ée]cu'],
  isValid: (digits) =>
    /^[1-478]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)\d{10}/.test(digits) &&
    97 - remainder(digits.slice(0, 13), 97) === Number(digits.slice(13)),
  reserved: /^\d{5}00/,
  draw: (random) => `1${drawDigits(random, 2)}0100${drawDigits(random, 8)}`,
  misses: 'of Corsica (2A, 2B); with a digit wrong',
}
