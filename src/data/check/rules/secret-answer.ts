import type { RecordRule } from '../rule.ts'

interface SecretKind {
  readonly name: string
  readonly pattern: RegExp
}

/** Published forms of keys; each is found by its fixed beginning. */
const kinds: readonly SecretKind[] = [
  { name: 'an AWS access key', pattern: /\bAKIA[A-Z2-7]{16}\b/ },
  { name: 'a private key', pattern: /-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----/ },
  { name: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,90})/ },
  { name: 'a Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,80}/ },
  { name: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/ },
  { name: 'an API key', pattern: /\b(?:sk|rk|pk)[-_](?:live_|ant-|proj-|or-)?[A-Za-z0-9_-]{24,160}/ },
  { name: 'a Hugging Face token', pattern: /\bhf_[A-Za-z]{34}\b/ },
  {
    name: 'a JSON web token',
    pattern: /\beyJ[A-Za-z0-9_-]{8,400}\.eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{16,600}/,
  },
  {
    name: 'an address with a password',
    pattern: /\b[a-z][a-z0-9+.-]{1,12}:\/\/[^\s/:@"']{1,60}:[^\s/@"']{3,60}@[A-Za-z0-9.-]{3,80}/i,
  },
]

export const secretAnswer: RecordRule = {
  id: 'answer/secret',
  severity: 'warning',
  reason: 'A tuned model can be made to say what its answers held, keys and passwords included.',
  hidesText: true,
  needles: ['KIA', '-----BEGIN', '_', 'k-', 'xox', 'AI', 'JhbG', 'J0eX', '//'],
  start: () => {
    return ({ answer }, report) => {
      if (answer === undefined) return
      for (const { name, pattern } of kinds) {
        const found = pattern.exec(answer.text)?.[0]
        if (found === undefined || isPlaceholder(found)) continue
        report(
          answer.pointer,
          `the answer holds what looks like ${name} (${found.slice(0, 4)}…, ${found.length} characters)`,
          'revoke it where it is real, and take it away: hone data redact',
        )
      }
    }
  },
}

/** Documentation writes EXAMPLE, x for each character, or a run of digits. */
function isPlaceholder(found: string): boolean {
  if (found.startsWith('-----')) return false
  if (/example|placeholder|your[-_]|<|xxxx|0000|1234567|password@|:pass@|changeme/i.test(found)) return true
  return new Set(found.slice(4)).size < 8
}
