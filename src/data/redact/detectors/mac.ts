import { matchAt } from '../context.ts'
import type { Detector } from '../detector.ts'
import { tokenFlag } from '../detector.ts'

const pattern = /[\da-f]{2}([:-])[\da-f]{2}(?:\1[\da-f]{2}){4}(?![:-]?[\p{L}\d])/iuy
/** EUI-48 for documentation: 00-00-5E-00-53-00 to FF (RFC 7042). */
const reserved = /^00([:-])00\1(?:5e|00)\1/i

export const mac: Detector = {
  kind: 'mac',
  group: 'network',
  title: 'hardware address (MAC)',
  covers: 'six pairs with colons or hyphens',
  misses: 'in one row, or in groups of four',
  token: {
    flags: tokenFlag.digit,
    find({ text }, start, end, found) {
      if (end - start < 17) return
      const at =
        start +
        Math.max(0, text.slice(start, end).search(/[:=](?=[\da-f]{2}([:-])[\da-f]{2}\1[\da-f]{2}\1)/i) + 1)
      for (const from of new Set([start, at])) {
        const match = matchAt(pattern, text, from)
        if (match === null || reserved.test(match[0])) continue
        found(from, from + match[0].length)
        return
      }
    },
  },
  pseudonym(value, random) {
    const last = random.integer(256).toString(16).padStart(2, '0')
    const made = `00:00:5e:00:53:${last}`.replaceAll(':', value.charAt(2))
    return value === value.toLowerCase() ? made : made.toUpperCase()
  },
}
