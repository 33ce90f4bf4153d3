import type { JsonObject } from '../../core/example.ts'
import { counted } from '../counted.ts'
import type { FindingSink } from '../finding.ts'
import { mixedForms, type SeenFormat } from '../records/format-evidence.ts'
import { FormatFinder } from '../records/format-finder.ts'
import type { RecordFormat } from '../records/record-format.ts'
import { readParsedRecord } from '../records/read-record.ts'
import { readingRules, type ReadingRuleId, type Report } from '../records/reading-rules.ts'

/** Records whose keys are data would otherwise fill the memory with one entry each. */
const differentMessages = 100

/** What is said once for a file, of some of its records. */
export interface ReadingSummary {
  readonly ignored: readonly {
    readonly message: string
    readonly pointer: string
    readonly line: number
    readonly records: number
  }[]
  readonly forms: readonly (SeenForm & { readonly name: string })[]
}

type SeenForm = Omit<SeenFormat, 'evidence'>

/** Applies the rules of reading to records that Hone itself is to read, one by one. */
export class RecordReading {
  readonly #file: string
  readonly #found: FindingSink
  #ignored = new Map<
    string,
    { readonly pointer: string; readonly line: number; last: number; records: number }
  >()
  #seen = new Map<RecordFormat, { records: number; readonly firstLine: number }>()
  readonly #forms = new FormatFinder()
  readonly #textOnly: boolean

  /** @param textOnly true where the records are to be trained here: media are then errors */
  constructor(file: string, found: FindingSink, textOnly: boolean) {
    this.#textOnly = textOnly
    this.#file = file
    this.#found = found
  }

  take(record: JsonObject, line: number): void {
    const format = this.#forms.find(record)
    const report: Report = (id, pointer, message, hint) => {
      if (id === 'record/ignored-key') this.#ignore(line, pointer, message)
      else addReading(this.#found, id, { file: this.#file, line, pointer, message, hint })
    }
    readParsedRecord(record, report, { format, textOnly: this.#textOnly })
    if (format === undefined) return
    const seen = this.#seen.get(format)
    if (seen === undefined) this.#seen.set(format, { records: 1, firstLine: line })
    else seen.records++
  }

  #ignore(line: number, pointer: string, message: string): void {
    const known = this.#ignored.get(message)
    if (known === undefined) this.#ignored.set(message, { pointer, line, last: line, records: 1 })
    else if (known.last !== line) {
      known.last = line
      known.records++
    }
  }

  /** What is to be said once, of the records since the last time. */
  summary(): ReadingSummary {
    const ignored = [...this.#ignored].map(([message, { pointer, line, records }]) => ({
      message,
      pointer,
      line,
      records,
    }))
    const forms = [...this.#seen].map(([{ id, form, requiredKeys }, { records, firstLine }]) => ({
      id,
      records,
      firstLine,
      name: JSON.stringify([id, form, requiredKeys]),
    }))
    this.#ignored = new Map()
    this.#seen = new Map()
    return { ignored, forms }
  }
}

/** Joins what is said once for a file. */
export class ReadingTally {
  readonly #ignored = new Map<string, { readonly pointer: string; readonly line: number; records: number }>()
  readonly #forms = new Map<string, { -readonly [Key in keyof SeenForm]: SeenForm[Key] }>()

  add({ ignored, forms }: ReadingSummary): void {
    for (const { message, pointer, line, records } of ignored) {
      const known = this.#ignored.get(message)
      if (known !== undefined) known.records += records
      else if (this.#ignored.size < differentMessages) this.#ignored.set(message, { pointer, line, records })
    }
    for (const { name, id, records, firstLine } of forms) {
      const known = this.#forms.get(name)
      if (known !== undefined) known.records += records
      else this.#forms.set(name, { id, records, firstLine })
    }
  }

  sayAll(file: string, found: FindingSink): void {
    for (const [message, { pointer, line, records }] of this.#ignored) {
      const counts = `${message} (${counted(records, 'record')})`
      addReading(found, 'record/ignored-key', { file, line, pointer, message: counts, hint: undefined })
    }
    const mixed = mixedForms([...this.#forms.values()])
    if (mixed === undefined) return
    const { line, message } = mixed
    addReading(found, 'record/mixed-formats', { file, line, pointer: '', message, hint: undefined })
  }
}

interface Place {
  readonly file: string
  readonly line: number
  readonly pointer: string
  readonly message: string
  readonly hint: string | undefined
}

function addReading(
  found: FindingSink,
  id: ReadingRuleId,
  { file, line, pointer, message, hint }: Place,
): void {
  found.add({
    id,
    severity: readingRules[id].severity,
    at: { file, line, ...(pointer === '' ? {} : { pointer }) },
    message,
    ...(hint === undefined ? {} : { hint }),
  })
}
