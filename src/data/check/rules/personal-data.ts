import { counted } from '../../counted.ts'
import type { RedactionFinding } from '../../redact/redact-json.ts'
import type { RedactionGate } from '../../redact/require-redacted.ts'
import type { RecordRule } from '../rule.ts'

export const personalData: RecordRule = {
  id: 'privacy/personal-data',
  severity: 'warning',
  reason: 'A tuned model can be made to say what it learned, and a service is sent all of it.',
  hidesText: true,
  start({ privacy }) {
    // Every text is read by every detector, which takes as long as all other rules together, or longer.
    if (privacy === undefined) return undefined
    return ({ record }, report) => {
      const found = search(privacy, record)
      if (found === undefined) report('', 'the record is nested too deeply to be searched for personal data')
      else if (found.length > 0) {
        const kinds = new Map<string, number>()
        for (const { kind } of found) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        const list = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')
        report(
          found[0]?.pointer ?? '',
          `${counted(found.length, 'place')} with what looks like personal data: ${list}`,
          'take it out: hone data redact FILE --to NEW',
        )
      }
    }
  },
}

function search(gate: RedactionGate, record: object): readonly RedactionFinding[] | undefined {
  try {
    return gate.findIn(JSON.stringify(record))
  } catch {
    return undefined
  }
}
