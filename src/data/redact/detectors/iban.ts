import { remainder } from '../check-digits.ts'
import { matchAt } from '../context.ts'
import type { Detector } from '../detector.ts'
import { tokenFlag } from '../detector.ts'
import { drawDigits, inFormOf } from '../fill-form.ts'

/** Length by country (SWIFT IBAN registry). */
const lengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

const beginning = /[A-Za-z]{2}\d{2}[ \u00A0]?/y
const body = /[A-Za-z]{2}\d{2}(?:[ \u00A0-]?[A-Za-z\d]){11,29}/y

/** Letters count 10 to 35, the first four characters go to the end, and the remainder by 97 is 1 (ISO 13616-1). */
export function isIban(compact: string): boolean {
  if (lengths[compact.slice(0, 2)] !== compact.length) return false
  const moved = compact.slice(4) + compact.slice(0, 4)
  return (
    remainder(
      moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55)),
      97,
    ) === 1
  )
}

const compactOf = (value: string): string => value.replaceAll(/[^A-Za-z\d]/g, '').toUpperCase()

/** No bank has the code 0 or X. */
const isMadeUp = (compact: string): boolean => /^[0X]{4}/.test(compact.slice(4))

export const iban: Detector = {
  kind: 'iban',
  group: 'financial',
  title: 'bank account number (IBAN)',
  covers: 'the length of its country with the right check digits (modulo 97), in one row or in groups',
  misses: 'with a character wrong; national account numbers',
  token: {
    flags: tokenFlag.digit | tokenFlag.letter,
    find({ text }, tokenStart, tokenEnd, found) {
      // After "IBAN:" or the like the number begins inside the run.
      const start = Math.max(
        tokenStart,
        text.lastIndexOf(':', tokenEnd - 1) + 1,
        text.lastIndexOf('=', tokenEnd - 1) + 1,
      )
      if (matchAt(beginning, text, start) === null) return
      const match = matchAt(body, text, start)
      if (match === null) return
      const country = match[0].slice(0, 2).toUpperCase()
      const length = lengths[country] ?? 0
      let end = start
      for (let count = 0; count < length && end < start + match[0].length; end++) {
        if (/[A-Za-z\d]/.test(text.charAt(end))) count++
      }
      const compact = compactOf(text.slice(start, end))
      if (isMadeUp(compact) || !isIban(compact) || /[A-Za-z\d]/.test(text.charAt(end))) return
      found(start, end)
    },
  },
  normalized: compactOf,
  pseudonym(value, random) {
    const compact = compactOf(value)
    const country = compact.slice(0, 2)
    const own = compact.slice(4)
    const made =
      own.slice(0, 4).replaceAll(/\d/g, '0').replaceAll(/[A-Z]/g, 'X') +
      own.slice(4).replaceAll(/[A-Z\d]/g, (character) => (/\d/.test(character) ? drawDigits(random, 1) : 'X'))
    const asNumber = `${made}${country}00`.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
    const check = String(98 - remainder(asNumber, 97)).padStart(2, '0')
    return inFormOf(value, country + check + made)
  },
}
