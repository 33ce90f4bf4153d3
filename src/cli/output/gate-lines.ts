import { printableText } from '../../lib/printable-text.ts'
import type { GateOutcome } from '../../service/evaluation/apply-gate.ts'

/** A rule each with its outcome and reason, and the verdict. */
export function gateLines({ verdict, candidate, baseline, rules, evidence, file }: GateOutcome): string[] {
  const passed = rules.filter(({ outcome }) => outcome === 'pass').length
  return [
    ...rules.flatMap(({ rule, outcome, reason }) => [
      `${outcome.padEnd(15)} ${printableText(rule)}`,
      `${' '.repeat(16)}${printableText(reason)}`,
    ]),
    '',
    `${candidate}: ${verdict} (${passed} of ${rules.length} rules pass, against ${baseline})`,
    ...evidence.map(({ set, rows, file: source }) => `measured  ${rows} rows of ${set}, ${source}`),
    file === null ? `kept in   nowhere: ${candidate} is no model of the home` : `kept in   ${file}`,
  ]
}
