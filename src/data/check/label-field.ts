import { parseJson } from '../../lib/parse-json.ts'
import { isJsonObject } from '../records/record-format.ts'
import type { CheckSettings } from './rule.ts'

/** Reads labels from a field of the record, or else of the JSON object that the answer is. */
export function labelField(name: string): NonNullable<CheckSettings['labelOf']> {
  return ({ record, answer }) => {
    const own = Object.hasOwn(record, name) ? record[name] : undefined
    if (typeof own === 'string') return own
    if (answer === undefined || !answer.text.includes(name)) return undefined
    try {
      const value: unknown = parseJson(answer.text)
      const label = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
      return typeof label === 'string' ? label : undefined
    } catch {
      return undefined
    }
  }
}
