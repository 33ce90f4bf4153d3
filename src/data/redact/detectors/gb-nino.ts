import { matchAt } from '../context.ts'
import type { Detector } from '../detector.ts'
import { drawDigits, inFormOf } from '../fill-form.ts'

// HMRC, NIM39110: letters and prefixes that are never given.
const pattern =
  /(?!BG|GB|KN|NK|NT|TN|ZZ|[DFIQUV]|.[DFIOQUV])[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\p{L}\d_])/uy

export const gbNino: Detector = {
  kind: 'gb-nino',
  group: 'national-id',
  title: 'UK National Insurance number',
  covers: 'two letters, six digits and a letter, in capitals; it has no check digit',
  misses: 'in small letters, or without the last letter',
  numbers: {
    least: 6,
    find({ text }, run, found) {
      if (run.digits !== 6) return
      for (const start of [run.start - 2, run.start - 3]) {
        if (start < 0 || /[\p{L}\d_-]/u.test(text.charAt(start - 1))) continue
        const match = matchAt(pattern, text, start)
        if (match !== null) found(start, start + match[0].length)
      }
    },
  },
  normalized: (value) => value.replaceAll(' ', ''),
  // Prefix QQ is the one that HMRC uses for examples.
  pseudonym: (value, random) => inFormOf(value, `QQ${drawDigits(random, 6)}C`),
}
