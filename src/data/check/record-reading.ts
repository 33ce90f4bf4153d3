import type { JsonObject } from '../../core/example.ts'
import { counted } from '../counted.ts'
import type { FindingCollector } from '../finding.ts'
import { FormatEvidence, mixedForms } from '../records/format-evidence.ts'
import { FormatFinder } from '../records/format-finder.ts'
import { readParsedRecord } from '../records/read-record.ts'
import { readingRules, type ReadingRuleId, type Report } from '../records/reading-rules.ts'

/** Records whose keys are data would otherwise fill the memory with one entry each. */
const differentMessages = 100

/** Applies the rules of reading to records that Hone itself is to read. What is not read is said once for the file. */
export class RecordReading {
  readonly #file: string
  readonly #collector: FindingCollector
  readonly #ignored = new Map<
    string,
    { readonly pointer: string; readonly line: number; last: number; records: number }
  >()
  readonly #forms = new FormatFinder()
  readonly #evidence = new FormatEvidence()
  readonly #textOnly: boolean

  /** @param textOnly true where the records are to be trained here: media are then errors */
  constructor(file: string, collector: FindingCollector, textOnly: boolean) {
    this.#textOnly = textOnly
    this.#file = file
    this.#collector = collector
  }

  take(record: JsonObject, line: number): void {
    const format = this.#forms.find(record)
    const report: Report = (id, pointer, message, hint) => {
      if (id === 'record/ignored-key') this.#ignore(line, pointer, message)
      else this.#add(id, line, pointer, message, hint)
    }
    const { messages = [] } = readParsedRecord(record, report, { format, textOnly: this.#textOnly })
    if (format !== undefined) this.#evidence.count(format, line, messages)
  }

  #ignore(line: number, pointer: string, message: string): void {
    const known = this.#ignored.get(message)
    if (known === undefined) {
      if (this.#ignored.size < differentMessages) {
        this.#ignored.set(message, { pointer, line, last: line, records: 1 })
      }
    } else if (known.last !== line) {
      known.last = line
      known.records++
    }
  }

  #add(id: ReadingRuleId, line: number, pointer: string, message: string, hint?: string): void {
    this.#collector.add({
      id,
      severity: readingRules[id].severity,
      at: { file: this.#file, line, ...(pointer === '' ? {} : { pointer }) },
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  }

  /** Says what holds for the file. */
  finish(): void {
    for (const [message, { pointer, line, records }] of this.#ignored) {
      this.#add('record/ignored-key', line, pointer, `${message} (${counted(records, 'record')})`)
    }
    const mixed = mixedForms(this.#evidence.seen())
    if (mixed !== undefined) this.#add('record/mixed-formats', mixed.line, '', mixed.message)
  }
}
