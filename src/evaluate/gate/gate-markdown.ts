import type { GateVerdict } from './gate-verdict.ts'

/** The verdict for a pull request or a job summary: one line, then a table of the rules. */
export function gateMarkdown({ verdict, candidate, baseline, rules }: GateVerdict): string {
  const passed = rules.filter(({ outcome }) => outcome === 'pass').length
  return [
    `**${candidate}: ${verdict}** (${passed} of ${rules.length} rules pass, against ${baseline})`,
    '',
    '| rule | | why |',
    '| --- | --- | --- |',
    ...rules.map(
      ({ rule, outcome, reason }) =>
        `| ${cell(rule)} | ${outcome === 'pass' ? outcome : `**${outcome}**`} | ${cell(reason)} |`,
    ),
    '',
  ].join('\n')
}

/** Signs of Markdown and HTML stay signs. */
const cell = (text: string): string =>
  text
    .replaceAll(/[\\`*_[\]<>|&#]/g, (sign) => (sign === '<' ? '&lt;' : sign === '&' ? '&amp;' : `\\${sign}`))
    .replaceAll(/\s+/g, ' ')
