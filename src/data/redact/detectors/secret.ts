import { matchAt } from '../context.ts'
import type { Detector, DetectorInput, Found } from '../detector.ts'
import { tokenFlag } from '../detector.ts'

/** Forms that services give their keys. Each ends in one bounded or simple repetition. */
const known = new RegExp(
  `(?<![\\p{L}\\d_])(?:${[
    '(?:AKIA|ASIA|ABIA|ACCA)[A-Z\\d]{16}',
    'AIza[\\w-]{35}',
    'ya29\\.[\\w-]{20,}',
    'gh[pousr]_[A-Za-z\\d]{36,}',
    'github_pat_\\w{22,}',
    'glpat-[\\w-]{20,}',
    'xox[abeoprs]-[A-Za-z\\d-]{10,}',
    '(?:sk|rk|pk)_(?:live|test)_[A-Za-z\\d]{16,}',
    'whsec_[A-Za-z\\d+/=]{20,}',
    'sk-[A-Za-z\\d_-]{20,}',
    'SG\\.[\\w-]{16,80}\\.[\\w-]{16,}',
    'npm_[A-Za-z\\d]{36}',
    'pypi-[\\w-]{40,}',
    'hf_[A-Za-z]{30,}',
    'dop_v1_[a-f\\d]{64}',
    'eyJ[\\w-]{8,500}\\.eyJ[\\w-]{4,4000}\\.[\\w-]{8,}',
  ].join('|')})`,
  'u',
)
const pem = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y
const pemEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g

const passwordWords = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'pw',
  'passwort',
  'kennwort',
  'contraseña',
  'senha',
  'wachtwoord',
  'hasło',
  'passe',
]
const keyWords = ['key', 'apikey', 'secret', 'token', 'credential', 'bearer', 'authorization']

const assigned =
  /["'\\]{0,3}[ \t]{0,3}(?::=|=>|[:=])[ \t]{0,3}(?:["'`\\]{0,3})(?:(?:Bearer|Basic|Token)[ \t])?/uy
const said = /[ \t]+(?:is|was|lautet|ist|es|est|è|is:|=)[ \t]*:?[ \t]*["'`]?/uy
const value = /[^\s"'`,;<>{}[\]()\\]{4,512}/uy
/** What stands where a secret will be put. */
const placeholder =
  /EXAMPLE|^(?:your|my|the|some|xxx|changeme|redacted|none|null|true|false|undefined|process\.|os\.|env\.|config\.|\$|%|[*•.x_-]+$)/i

/** Shannon entropy of the characters, in bits each. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

const hasDigit = (text: string): boolean => /\d/.test(text)
const hasLetter = (text: string): boolean => /\p{L}/u.test(text)

function isPassword(text: string, saidOnly: boolean): boolean {
  if (placeholder.test(text) || !hasLetter(text)) return false
  if (hasDigit(text)) return true
  return !saidOnly && (/[^\p{L}\d.:?!-]/u.test(text) || /\p{Ll}\p{Lu}/u.test(text))
}

const isKey = (text: string): boolean =>
  text.length >= 16 && !placeholder.test(text) && hasDigit(text) && hasLetter(text) && entropyOf(text) >= 3

function afterWord({ text }: DetectorInput, start: number, end: number, found: Found): void {
  const word = text.slice(start, end).toLowerCase()
  if (word === 'begin') {
    if (matchAt(pem, text, start - 5) === null) return
    pemEnd.lastIndex = start
    const last = pemEnd.exec(text)
    found(start - 5, last === null ? text.length : last.index + last[0].length)
    return
  }
  const isPasswordWord = passwordWords.includes(word)
  const assignment = matchAt(assigned, text, end)
  const speech = assignment === null && isPasswordWord ? matchAt(said, text, end) : null
  const lead = assignment ?? speech
  if (lead === null) return
  const from = end + lead[0].length
  const match = matchAt(value, text, from)
  if (match === null) return
  // A full stop or the like that ends the sentence is not part of it.
  const secret = match[0].replace(/[.?:]+$/, '')
  if (isPasswordWord ? isPassword(secret, assignment === null) : isKey(secret))
    found(from, from + secret.length)
}

export const secret: Detector = {
  kind: 'secret',
  group: 'secret',
  title: 'password, key or token',
  covers:
    'keys of AWS, Google, GitHub, GitLab, Slack, Stripe, OpenAI, Anthropic, npm and others by their form, JWT, PEM private keys, and what is assigned to password, key, token or secret',
  misses: 'passwords of lower-case letters only; keys of unknown form without such a word before them',
  token: {
    flags: tokenFlag.long,
    find({ text }, start, end, found) {
      // The longest keys are some thousand characters; what follows in one run (base64 of a file) is not searched.
      const token = text.slice(start, Math.min(end, start + 8192))
      const match = known.exec(token)
      if (match === null || match[0].includes('EXAMPLE')) return
      found(start + match.index, start + match.index + match[0].length)
    },
  },
  words: { list: ['begin', ...passwordWords, ...keyWords], find: afterWord },
  normalized: (text) => text,
  pseudonym(text, random) {
    const beginning =
      /^(?:[A-Za-z\d]{2,6}[-_](?:(?:live|test|proj|ant|pat)[-_])?|AKIA|ASIA|AIza)/.exec(text)?.[0] ?? ''
    const made = Array.from({ length: 16 }, () => random.integer(36).toString(36)).join('')
    return `${text.startsWith('-----') ? '' : beginning}EXAMPLE${made}`
  },
}
