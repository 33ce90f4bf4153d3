import { isDayAndMonth } from '../check-digits.ts'
import { matchAt } from '../context.ts'
import type { Detector } from '../detector.ts'
import { drawDigits, drawValid } from '../fill-form.ts'

const checks = '0123456789ABCDEFHJKLMNPRSTUVWXY'
const pattern = /\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![\p{L}\d_])/uy

export function isHetu(value: string): boolean {
  const number = Number(value.slice(0, 6) + value.slice(7, 10))
  return (
    isDayAndMonth(Number(value.slice(0, 2)), Number(value.slice(2, 4))) &&
    checks[number % 31] === value.charAt(10)
  )
}

export const fiHetu: Detector = {
  kind: 'fi-hetu',
  group: 'national-id',
  title: 'Finnish henkilötunnus',
  covers: 'birth date, sign of the century, serial and the right check character',
  misses: 'in small letters; with a character wrong',
  token: {
    flags: 4,
    find({ text }, start, _end, found) {
      const match = matchAt(pattern, text, start)
      // Serials of 900 and above are for temporary use and never a person's own.
      if (match === null || match[0].charAt(7) === '9' || !isHetu(match[0])) return
      found(start, start + match[0].length)
    },
  },
  normalized: (value) => value,
  pseudonym(value, random) {
    const birth = `0101${value.slice(4, 6)}`
    const checked = (serial: string): string => checks.charAt(Number(birth + serial) % 31)
    // A digit at the end could make a phone number of it.
    const serial = drawValid(
      () => `9${drawDigits(random, 2)}`,
      (drawn) => /[A-Z]/.test(checked(drawn)),
    )
    return birth + value.charAt(6) + serial + checked(serial)
  },
}
