import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import { counted } from '../counted.ts'
import { builtInPolicies, type RedactPolicy } from './policy.ts'
import { Redactor, type RedactionFinding } from './redact-json.ts'

/** What a policy would still change in an example. */
export interface UnredactedPlace extends RedactionFinding {
  /** Id of the example. */
  readonly example: string
}

/** Says what a policy would still change. */
export class RedactionGate {
  readonly #redactor: Redactor

  constructor(policy: RedactPolicy = builtInPolicies[0]!) {
    // What is found does not depend on the key of pseudonyms.
    this.#redactor = new Redactor(policy, new Uint8Array(32))
  }

  find(example: Example): UnredactedPlace[] {
    const { id, ...rest } = example
    return this.findIn(JSON.stringify(rest)).map((finding) => ({ example: id, ...finding }))
  }

  /**
   * The same for a record in any form.
   *
   * @param json - valid JSON.
   * @throws HoneError `E_DATA` when it is nested deeper than 1,000 levels.
   */
  findIn(json: string): readonly RedactionFinding[] {
    return this.#redactor.redact(json).findings
  }
}

const shown = 20

/**
 * Refuses examples that hold what the policy does not keep: the gate before anything leaves the machine.
 *
 * @throws HoneError `E_DATA` with counts by kind and up to 20 places, and none of the values.
 */
export function requireRedacted(examples: Iterable<Example>, policy?: RedactPolicy): void {
  const gate = new RedactionGate(policy)
  const kinds = new Map<string, number>()
  const places: string[] = []
  let total = 0
  for (const example of examples) {
    for (const { pointer, kind, shape } of gate.find(example)) {
      total++
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      if (places.length < shown) places.push(`${example.id} ${pointer}  ${kind} ${shape}`)
    }
  }
  if (total === 0) return
  const byKind = [...kinds].toSorted(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}`)
  const rest = total - places.length
  throw new HoneError(
    'E_DATA',
    [
      `${counted(total, 'place')} with personal data: ${byKind.join(', ')}`,
      ...places,
      ...(rest > 0 ? [`… and ${rest.toLocaleString('en-US')} more`] : []),
    ].join('\n  '),
    { hint: 'take them out with hone data redact FILE --to OUT' },
  )
}
