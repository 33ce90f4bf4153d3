import { keptOfEachRule, type Finding, type FindingSink, type FoundMany, type Severity } from '../finding.ts'

/**
 * Gathers findings that a collector elsewhere takes, perhaps in another thread. Beyond those that it would keep of a rule,
 * only their number goes out.
 */
export class FindingOutbox implements FindingSink {
  readonly #sent = new Map<string, number>()
  #findings: Finding[] = []
  #counted = new Map<string, { id: string; severity: Severity; mendable: boolean; count: number }>()

  keepsMoreOf(id: string): boolean {
    return (this.#sent.get(id) ?? 0) < keptOfEachRule
  }

  add(finding: Finding): void {
    const { id, severity } = finding
    if (this.keepsMoreOf(id)) {
      this.#sent.set(id, (this.#sent.get(id) ?? 0) + 1)
      this.#findings.push(finding)
      return
    }
    const mendable = finding.fix !== undefined
    const name = `${id} ${mendable}`
    const known = this.#counted.get(name)
    if (known === undefined) this.#counted.set(name, { id, severity, mendable, count: 1 })
    else known.count++
  }

  /** What was added since the last time. */
  take(): FoundMany {
    const found = { findings: this.#findings, counted: [...this.#counted.values()] }
    this.#findings = []
    this.#counted = new Map()
    return found
  }
}
