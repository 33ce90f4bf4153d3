import type { Example } from '../../core/example.ts'
import type { Finding } from '../../data/finding.ts'
import { FormatFinder } from '../../data/records/format-finder.ts'
import { parseRecord, readDraft, reportUnknown, toExample } from '../../data/records/read-record.ts'
import { isJsonObject, kindOf } from '../../data/records/record-format.ts'
import { readingRules, type ReadingRuleId } from '../../data/records/reading-rules.ts'

export interface LineExample {
  /** `undefined` where an error was found. */
  readonly example: Example | undefined
  readonly findings: readonly Finding[]
}

/** Reads one line of a JSONL file as an example, as a whole file is read. */
export function readLineExample(text: string, line: number): LineExample {
  const findings: Finding[] = []
  const report = (id: ReadingRuleId, pointer: string, message: string, hint?: string): void => {
    findings.push({
      id,
      severity: readingRules[id].severity,
      at: { line, ...(pointer === '' ? {} : { pointer }) },
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  }
  const record = parseRecord(text, report)
  if (!isJsonObject(record)) {
    if (record !== undefined) {
      report('record/not-object', '', `a record must be an object, this is ${kindOf(record)}`)
    }
    return { example: undefined, findings }
  }
  const format = new FormatFinder().find(record)
  if (format === undefined) {
    reportUnknown(record, report)
    return { example: undefined, findings }
  }
  const draft = readDraft(record, format, report, false)
  return { example: draft.refused ? undefined : toExample(draft, `line ${line}`), findings }
}
