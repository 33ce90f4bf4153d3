import type { JsonObject } from '../core/example.ts'
import { counted } from './counted.ts'
import type { FindingCollector } from './finding.ts'
import { readParsedRecord } from './read-record.ts'
import { readingRules, type ReadingRuleId } from './reading-rules.ts'

/** Records whose keys are data would otherwise fill the memory with one entry each. */
const differentMessages = 100

/** Applies the rules of reading, for records that Hone itself is to learn from. What is not read is said once for the file. */
export class RecordReading {
  readonly #file: string
  readonly #collector: FindingCollector
  readonly #ignored = new Map<
    string,
    { readonly pointer: string; readonly line: number; last: number; records: number }
  >()
  readonly #formats = new Map<string, { count: number; readonly line: number }>()

  constructor(file: string, collector: FindingCollector) {
    this.#file = file
    this.#collector = collector
  }

  take(record: JsonObject, line: number): void {
    const { format } = readParsedRecord(record, (id, pointer, message, hint) => {
      if (id === 'record/ignored-key') this.#ignore(line, pointer, message)
      else this.#add(id, line, pointer, message, hint)
    })
    if (format === undefined) return
    const known = this.#formats.get(format)
    if (known === undefined) this.#formats.set(format, { count: 1, line })
    else known.count++
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

  /** Says what holds for the file. Returns the number of records by form. */
  finish(): Readonly<Record<string, number>> {
    for (const [message, { pointer, line, records }] of this.#ignored) {
      this.#add('record/ignored-key', line, pointer, `${message} (${counted(records, 'record')})`)
    }
    return Object.fromEntries([...this.#formats].map(([id, { count }]) => [id, count]))
  }
}
