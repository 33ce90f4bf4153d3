import type { JsonObject } from '../../core/example.ts'
import type { ReadingRuleId } from '../records/reading-rules.ts'

/** A record of a file before its format is known: text to be parsed, a row of a table, or what is wrong. */
export type SourceRow =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly record: JsonObject }
  | {
      readonly number: number
      readonly fault: ReadingRuleId
      readonly message: string
      readonly hint?: string
    }

/** One record, one line, one row: longer ones are refused, so that no input can fill the memory. */
export const largestRecordBytes: number = 16 * 2 ** 20

export const tooLong = (number: number, bytes: number, what = 'line'): SourceRow => ({
  number,
  fault: 'json/too-long',
  message: `the ${what} has ${(bytes / 2 ** 20).toFixed(1)} MiB, the limit is 16 MiB`,
})
