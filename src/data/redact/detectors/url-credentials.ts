import type { Detector } from '../detector.ts'
import { tokenFlag } from '../detector.ts'

// scheme://user:password@host (RFC 3986, section 3.2.1), up to the end of the address.
const pattern = /[a-z][a-z\d+.-]{1,20}:\/\/[^\s:@/?#]{0,128}:[^\s@/]{1,256}@[^\s"'<>`\\|{}^]{1,2048}/iu
const placeholder = /:\/\/[^:@]*:(?:[[<{$*]|EXAMPLE)/

export const urlCredentials: Detector = {
  kind: 'url-credentials',
  group: 'secret',
  title: 'address with a password',
  covers: 'scheme://user:password@host, as a whole',
  misses: 'a password or token in the query',
  token: {
    flags: tokenFlag.at | tokenFlag.scheme,
    find({ text }, start, end, found) {
      const token = text.slice(start, Math.min(text.length, Math.max(end, start + 8), start + 4096))
      const match = pattern.exec(token)
      if (match === null || placeholder.test(match[0])) return
      const address = match[0].replace(/[).,;:!?\]]+$/, '')
      found(start + match.index, start + match.index + address.length)
    },
  },
  normalized: (value) => value,
  pseudonym(value, random) {
    const scheme = value.slice(0, value.indexOf('://'))
    return `${scheme}://user:EXAMPLE${random.integer(2 ** 31).toString(36)}@host.example.com/`
  },
}
