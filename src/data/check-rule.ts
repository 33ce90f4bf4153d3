import type { Finding, Severity } from './finding.ts'
import type { LabelOf, PlacedExample } from './placed-example.ts'

/** What rules may look at. */
export interface CheckContext {
  readonly examples: readonly PlacedExample[]
  /** Given when the task has labels. */
  readonly labelOf?: LabelOf
  /** The labels that the task declares. */
  readonly labels?: readonly string[]
}

/** A rule over a whole set of examples. A new rule is one file in `rules/` and a line in `check-rules.ts`. */
export interface CheckRule {
  readonly id: string
  readonly severity: Severity
  /** Why the rule is there, one sentence. */
  readonly reason: string
  /** Each place where the rule is broken; id and severity are filled in by the caller. */
  check(context: CheckContext): Iterable<Omit<Finding, 'id' | 'severity'>>
}

/** The place of an example for a finding. */
export function placeOf(example: PlacedExample | undefined): Finding['at'] {
  return example?.at ?? {}
}
