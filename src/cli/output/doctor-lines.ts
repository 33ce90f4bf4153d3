import { printableText } from '../../lib/printable-text.ts'
import type { DoctorReport } from '../../service/doctor/doctor.ts'
import type { Paint } from './paint.ts'

/** One line a finding, the fix below it. */
export function doctorLines({ checks, hone, usable }: DoctorReport, paint: Paint): string[] {
  const colours = { ok: paint.good, warn: paint.warning, missing: paint.error }
  const count = (status: keyof typeof colours): number =>
    checks.filter((check) => check.status === status).length
  const lines = checks.flatMap(({ name, status, found, fix }) => [
    `${colours[status](status.padEnd(7))}  ${name.padEnd(9)}  ${printableText(found)}`,
    ...(fix === undefined ? [] : [`${' '.repeat(20)}${printableText(fix)}`]),
  ])
  const verdict = usable ? 'ready' : 'not ready'
  return [
    ...lines,
    '',
    `hone ${hone} is ${verdict}: ${count('missing')} missing, ${count('warn')} to look at`,
    ...(usable ? ['next      hone run examples/claims-router'] : []),
  ]
}
