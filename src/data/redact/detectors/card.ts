import { isLuhn } from '../check-digits.ts'
import type { Detector } from '../detector.ts'
import { drawDigits, drawValid, inFormOf } from '../fill-form.ts'
import { digitsOf } from '../number-run.ts'

/** Issuers' beginnings and lengths (ISO/IEC 7812): Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro. */
const issuers = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^(?:6011|64[4-9]\d|65\d\d)\d{12}$/,
  /^(?:30[0-5]|36\d|38\d|39\d)\d{11}$/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
  /^62\d{14,17}$/,
  /^(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}$/,
]

/** Numbers that payment services give out for tests. */
const testNumber =
  /^(?:400000|424242|401288|411111|555555|510510|222300|378282|371449|601111111111111[71]|305693|353011)/

const shapes = new Set([
  '4-4-4-4',
  '16',
  '4-6-5',
  '15',
  '4-6-4',
  '14',
  '13',
  '19',
  '4-4-4-4-3',
  '6-13',
  '4-4-4-1',
])

export const card: Detector = {
  kind: 'card',
  group: 'financial',
  title: 'payment card number',
  covers:
    'beginnings and lengths of eight issuers with the right check digit (Luhn), in one row or in groups',
  misses: 'with a digit wrong or left out; the three digits on the back',
  numbers: {
    least: 12,
    find({ text }, run, found) {
      for (const { start, end, shape } of run.parts) {
        if (!shapes.has(shape)) continue
        const digits = digitsOf(text.slice(start, end))
        if (testNumber.test(digits) || !isLuhn(digits)) continue
        if (issuers.some((issuer) => issuer.test(digits))) found(start, end)
      }
    },
  },
  normalized: digitsOf,
  pseudonym(value, random) {
    const digits = digitsOf(value)
    const beginning = digits.startsWith('3') ? '378282' : digits.startsWith('5') ? '555555' : '400000'
    const rest = digits.length - beginning.length
    return inFormOf(
      value,
      drawValid(() => beginning + drawDigits(random, rest), isLuhn),
    )
  },
}
