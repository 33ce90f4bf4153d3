import type { Detector } from '../detector.ts'
import { tokenFlag } from '../detector.ts'

// RFC 5321 lengths; letters of any script in both parts (RFC 6531).
const local = /[\p{L}\p{N}.!#$%&*+/=?^_~-]{1,64}$/u
const domain =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:xn--[a-z\d-]{1,59}|\p{L}{2,24})(?![\p{L}\p{N}@])/u
const quotedLocal = /"[^"\r\n]{1,64}"$/

/** Domains that belong to nobody (RFC 2606, RFC 6761). */
const reservedDomain = /(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid)$/i

export const email: Detector = {
  kind: 'email',
  group: 'contact',
  title: 'e-mail address',
  covers: 'with tags, sub-domains, letters of any script, and quoted names before the @',
  misses: 'written out ("at", "dot"); without a dotted domain (user@localhost)',
  token: {
    flags: tokenFlag.at,
    find({ text }, start, end, found) {
      for (let at = text.indexOf('@', start); at !== -1 && at < end; at = text.indexOf('@', at + 1)) {
        const host = domain.exec(text.slice(at + 1, at + 260))?.[0]
        if (host === undefined || reservedDomain.test(host)) continue
        const before = text.slice(Math.max(0, at - 66), at)
        const name =
          text.charAt(at - 1) === '"'
            ? quotedLocal.exec(before)?.[0]
            : local.exec(before.slice(-64))?.[0].replace(/^[^\p{L}\p{N}_]+|^\w+=(?=[\p{L}\p{N}])/u, '')
        if (name === undefined || name === '' || name.startsWith('.') || name.endsWith('.')) continue
        found(at - name.length, at + 1 + host.length)
      }
    },
  },
  pseudonym: (_value, random) => `user-${(random.integer(2 ** 31) + 2 ** 31).toString(36)}@example.com`,
}
