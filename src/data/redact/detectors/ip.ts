import { isIPv4, isIPv6 } from 'node:net'
import { anyWord, wordsBefore } from '../context.ts'
import type { Detector } from '../detector.ts'
import { tokenFlag } from '../detector.ts'
import { standsFree } from '../number-run.ts'

/** Of nobody: this host, private networks, link-local, multicast, documentation (RFC 1918, 5737, 6890). */
const nobodys4 =
  /^(?:0\.|10\.|127\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|192\.0\.[02]\.|198\.51\.100\.|203\.0\.113\.|198\.1[89]\.|2[2-5]\d\.|1\.2\.3\.4$|[1-9]\.0\.0\.0$)/
/** Loopback, link-local, unique local, multicast, documentation (RFC 4193, 4291, 3849). */
const nobodys6 = /^(?:::|::1|fe[89ab].*|f[cd].*|ff.*|2001:0?db8:.*)$/i
const notAnAddress = anyWord(['version', 'v', 'ver', 'section', 'chapter', 'clause', 'release', '§', 'build'])
const six = /[\da-f:]{2,39}(?:%\w+)?(?![\p{L}\d:])/iuy

export const ip: Detector = {
  kind: 'ip',
  group: 'network',
  title: 'IP address',
  covers: 'IPv4 and IPv6 addresses of the internet',
  misses:
    'private, link-local and documentation addresses (10.…, 192.168.…, fe80:…); four numbers after "version" or "section"',
  token: {
    flags: tokenFlag.digit | tokenFlag.colon,
    find({ text }, tokenStart, end, found) {
      for (const start of [
        tokenStart,
        text.indexOf(':', tokenStart) + 1,
        text.indexOf('=', tokenStart) + 1,
      ]) {
        if (start < tokenStart || start >= end) continue
        six.lastIndex = start
        const address = six.exec(text)?.[0].replace(/%.*/, '').replace(/:$/, '')
        if (address === undefined || !address.slice(2).includes(':') || !/\d/.test(address)) continue
        if (!isIPv6(address) || nobodys6.test(address)) continue
        // Three colons at least tell an address from a name of a program's part, such as a::b.
        if (address.split(':').length < 4) continue
        found(start, start + address.length)
        return
      }
    },
  },
  numbers: {
    least: 4,
    find({ text }, run, found) {
      for (let first = 0; first + 3 < run.starts.length; first++) {
        const start = run.starts[first]!
        const end = run.ends[first + 3]!
        const address = text.slice(start, end)
        if (!isIPv4(address) || nobodys4.test(address)) continue
        const before = text.charAt(start - 1)
        if (/[.\-\d\p{L}_]/u.test(before) || /^[.-]\d/.test(text.slice(end, end + 2))) continue
        if (!standsFree(text, end, 1) && !/[/:]/.test(text.charAt(end))) continue
        if (!wordsBefore(notAnAddress, text, start, 12)) found(start, end)
      }
    },
  },
  // Documentation addresses: 254 and some of RFC 5737, and RFC 3849.
  pseudonym(value, random) {
    if (value.includes(':')) return `2001:db8::${(1 + random.integer(65_535)).toString(16)}`
    const networks = ['192.0.2', '198.51.100', '203.0.113']
    return `${networks[random.integer(3)]}.${1 + random.integer(254)}`
  },
}
