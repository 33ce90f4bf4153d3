import type { ErrorCode } from '../core/error-codes.ts'
import { HoneError, placeText, type ErrorPlace } from '../core/errors.ts'
import { counted } from './counted.ts'

/** An `error` keeps the data from being used, a `warning` deserves a look, a `note` is only said. */
export type Severity = 'error' | 'warning' | 'note'

/** What a rule found at one place. */
export interface Finding {
  /** The rule, such as `roles/alternation`. */
  readonly id: string
  readonly severity: Severity
  readonly at: ErrorPlace
  readonly message: string
  readonly hint?: string
  /** What stands there, cut short. */
  readonly excerpt?: string
  /** What `--fix` would do about it, where it can. */
  readonly fix?: string
  /** The code that an error of this rule has when it is thrown. Default `E_DATA`. */
  readonly code?: ErrorCode
}

/** All that was found, in the order of the lines. */
export interface DataProblems {
  /** At most 1,000 of each rule; the counts below hold all. */
  readonly findings: readonly Finding[]
  readonly counts: Readonly<Record<Severity, number>>
  /** Number of findings by rule id. */
  readonly byRule: Readonly<Record<string, number>>
}

/** More findings of one rule are only counted. */
export const keptOfEachRule = 1_000

/** Takes findings. */
export interface FindingSink {
  /** False where another finding of the rule would only be counted. */
  keepsMoreOf(id: string): boolean
  add(finding: Finding): void
}

/** Findings, and the number of those that need not be kept. */
export interface FoundMany {
  readonly findings: readonly Finding[]
  readonly counted: readonly {
    readonly id: string
    readonly severity: Severity
    readonly mendable: boolean
    readonly count: number
  }[]
}

/** Gathers findings: all are counted, so many that memory stays bounded are kept. */
export class FindingCollector implements FindingSink {
  readonly #findings: Finding[] = []
  readonly #counts = { error: 0, warning: 0, note: 0 }
  readonly #byRule = new Map<string, number>()
  readonly #mendable = { error: 0, warning: 0, note: 0 }

  /** Number of findings that a fix is known for. */
  get mendable(): Readonly<Record<Severity, number>> {
    return { ...this.#mendable }
  }

  keepsMoreOf(id: string): boolean {
    return (this.#byRule.get(id) ?? 0) < keptOfEachRule
  }

  add(finding: Finding): void {
    const count = (this.#byRule.get(finding.id) ?? 0) + 1
    this.#byRule.set(finding.id, count)
    this.#counts[finding.severity]++
    if (finding.fix !== undefined) this.#mendable[finding.severity]++
    if (count <= keptOfEachRule) this.#findings.push(finding)
  }

  addMany({ findings, counted: more }: FoundMany): void {
    for (const finding of findings) this.add(finding)
    for (const { id, severity, mendable, count } of more) {
      this.#byRule.set(id, (this.#byRule.get(id) ?? 0) + count)
      this.#counts[severity] += count
      if (mendable) this.#mendable[severity] += count
    }
  }

  problems(): DataProblems {
    return {
      findings: this.#findings.toSorted((a, b) => (a.at.line ?? 0) - (b.at.line ?? 0)),
      counts: { ...this.#counts },
      byRule: Object.fromEntries(this.#byRule),
    }
  }
}

/** Several results as one; findings of one file come together, in the order of their lines. */
export function mergeProblems(...parts: readonly DataProblems[]): DataProblems {
  const counts = { error: 0, warning: 0, note: 0 }
  const byRule: Record<string, number> = {}
  for (const part of parts) {
    counts.error += part.counts.error
    counts.warning += part.counts.warning
    counts.note += part.counts.note
    for (const [id, count] of Object.entries(part.byRule)) byRule[id] = (byRule[id] ?? 0) + count
  }
  const files = [...new Set(parts.flatMap(({ findings }) => findings.map(({ at }) => at.file)))]
  const findings = parts
    .flatMap((part) => part.findings)
    .toSorted(
      (a, b) => files.indexOf(a.at.file) - files.indexOf(b.at.file) || (a.at.line ?? 0) - (b.at.line ?? 0),
    )
  return { findings, counts, byRule }
}

/** One line for each finding, `file:line pointer  message  rule`, at most `limit`, and how many more there are. */
export function problemLines(problems: DataProblems, severity: Severity, limit = 20): string[] {
  const chosen = problems.findings.filter((finding) => finding.severity === severity)
  const lines = chosen.slice(0, limit).map(({ id, at, message }) => `${placeText(at)}  ${message}  ${id}`)
  const rest = problems.counts[severity] - lines.length
  return rest > 0 ? [...lines, `… and ${rest.toLocaleString('en-US')} more`] : lines
}

/**
 * Does nothing when there is no error among the findings.
 *
 * @param what - names what was checked in the message, such as `train.jsonl (640 records)`.
 * @throws HoneError with the code of the findings (`E_DATA` when they differ), up to 20 of them in the message, the
 *   first one's place, and its hint.
 */
export function refuseErrors(problems: DataProblems, what: string): void {
  const errors = problems.findings.filter(({ severity }) => severity === 'error')
  const first = errors[0]
  if (first === undefined) return
  const codes = new Set(errors.map(({ code }) => code ?? 'E_DATA'))
  const [code = 'E_DATA'] = codes.size === 1 ? codes : []
  const title = `${counted(problems.counts.error, 'error')} in ${what}`
  throw new HoneError(code, [title, ...problemLines(problems, 'error')].join('\n  '), {
    at: first.at,
    hint: first.hint ?? 'mend or remove these records',
  })
}
