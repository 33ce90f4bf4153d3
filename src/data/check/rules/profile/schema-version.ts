import { excerpt } from '../../../excerpt.ts'
import { kindOf } from '../../../records/record-format.ts'
import type { RecordRule } from '../../rule.ts'

const usual = 'bedrock-conversation-2024'

export const schemaVersion: RecordRule = {
  id: 'profile/schema-version',
  severity: 'error',
  reason: 'A record in the form of Converse says so in schemaVersion.',
  start({ profile }) {
    const known = profile?.record.schemaVersions
    if (known === undefined) return undefined
    return ({ record }, report) => {
      const given = record['schemaVersion']
      if (given === undefined) {
        if (Array.isArray(record['messages']))
          report('', 'the record has no "schemaVersion"', `add "schemaVersion": "${usual}"`)
      } else if (typeof given !== 'string') {
        report('/schemaVersion', `schemaVersion must be text, this is ${kindOf(given)}`)
      } else if (known !== 'any' && !known.includes(given)) {
        report('/schemaVersion', `schemaVersion must be "${known[0]}", this is ${excerpt(given)}`)
      }
    }
  },
  fixWords: `schemaVersion becomes "${usual}"`,
  fix(record) {
    if (!Array.isArray(record['messages'])) return undefined
    const { schemaVersion: _wrong, ...rest } = record
    return { schemaVersion: usual, ...rest }
  },
}
