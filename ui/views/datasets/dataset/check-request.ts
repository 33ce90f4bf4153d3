import type { Finding, Sent } from '../../../api/client.ts'
import type { ShownPart } from './part.ts'

/** The check of a part by the rules of good data, and of a service where one is named. The same request is the same answer. */
export const checkRequest = (
  { dataset, part }: Pick<ShownPart, 'dataset' | 'part'>,
  profile: string,
): Omit<Sent<'checkDataset'>, 'signal'> => ({
  path: { id: dataset },
  body: { part, ...(profile === '' ? {} : { for: profile }) },
})

/** Findings that stand at a line of the file. */
export function findingsByLine(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const lines = new Map<number, Finding[]>()
  for (const finding of findings) {
    const { line } = finding.at
    if (line === undefined) continue
    const others = lines.get(line)
    if (others === undefined) lines.set(line, [finding])
    else others.push(finding)
  }
  return lines
}

export interface RuleFindings {
  readonly id: string
  readonly severity: Finding['severity']
  /** All of them; `findings` has the first. */
  readonly count: number
  readonly findings: readonly Finding[]
  /** Of `findings`, how many can be mended. */
  readonly mendable: number
}

const order = ['error', 'warning', 'note'] as const

/** Findings by their rule, the gravest and then the most frequent first. */
export function byRule(
  findings: readonly Finding[],
  counts: Readonly<Record<string, number>>,
): RuleFindings[] {
  return Object.entries(counts)
    .map(([id, count]) => {
      const own = findings.filter((finding) => finding.id === id)
      const severity = order.find((each) => own.some((finding) => finding.severity === each)) ?? 'note'
      const mendable = own.filter(({ fix }) => fix !== undefined).length
      return { id, severity, count, findings: own, mendable }
    })
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || b.count - a.count)
}
