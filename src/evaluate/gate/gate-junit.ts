import type { GateVerdict } from './gate-verdict.ts'

/**
 * The verdict as JUnit XML, which CI systems show: a test case for each rule. A rule without enough data is a failure
 * too, of that type, because the candidate is not promoted.
 */
export function gateJunit({ verdict, candidate, rules }: GateVerdict): string {
  const failures = rules.filter(({ outcome }) => outcome !== 'pass').length
  const counts = `tests="${rules.length}" failures="${failures}" errors="0" skipped="0"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="hone gate" ${counts}>`,
    `  <testsuite name="${attribute(`${candidate}: ${verdict}`)}" ${counts}>`,
    ...rules.flatMap(({ rule, set, outcome, reason }) => {
      const open = `    <testcase classname="${attribute(`gate.${set}`)}" name="${attribute(rule)}"`
      if (outcome === 'pass')
        return [`${open}>`, `      <system-out>${escaped(reason)}</system-out>`, '    </testcase>']
      return [
        `${open}>`,
        `      <failure type="${outcome}" message="${attribute(reason)}" />`,
        '    </testcase>',
      ]
    }),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

/** Without the characters that XML 1.0 cannot hold. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

const attribute = (text: string): string =>
  escaped(text)
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\n\r]/g, ' ')
