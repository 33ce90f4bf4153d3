import { parseJson } from '../../lib/parse-json.ts'
import { isJsonObject, kindOf } from './record-format.ts'
import { syntaxFault } from './read-record.ts'
import { withoutTrailingCommas } from './mend-commas.ts'
import type { JsonObject } from '../../core/example.ts'

/** Why a line holds no record. */
export class LineFault {
  readonly fault: 'json/syntax' | 'record/not-object'
  readonly message: string
  /** The line without the commas that were its only fault. */
  readonly mended: string | undefined

  constructor(fault: LineFault['fault'], message: string, mended?: string) {
    this.fault = fault
    this.message = message
    this.mended = mended
  }
}

export const isLineFault = (parsed: JsonObject | LineFault): parsed is LineFault =>
  parsed instanceof LineFault

/** The record of one line. Never throws. */
export function parseLine(text: string): JsonObject | LineFault {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    const mended = withoutTrailingCommas(text)
    return mended !== undefined && isRecord(mended)
      ? new LineFault('json/syntax', 'not JSON: a comma that nothing follows', mended)
      : new LineFault('json/syntax', syntaxFault(error, text))
  }
  if (isJsonObject(value)) return value
  return new LineFault('record/not-object', `a record must be an object, this is ${kindOf(value)}`)
}

function isRecord(text: string): boolean {
  try {
    return isJsonObject(parseJson(text))
  } catch {
    return false
  }
}
