import { counted } from '../counted.ts'
import { FindingCollector, type DataProblems } from '../finding.ts'
import { recordKey } from '../split/record-key.ts'
import { mixedForms } from './format-evidence.ts'
import type { PlacedExample } from './placed-example.ts'
import { readingRules, type ReadingRuleId } from './reading-rules.ts'
import type { ExampleRow, StreamSummary } from './stream-examples.ts'

export interface ScanOptions {
  readonly signal?: AbortSignal
  /** Put in front of every record that has no system message of its own. */
  readonly system?: string
  /** The key of the record, or of its metadata, that says what the record belongs to. */
  readonly group?: string
  /** The file's name in the ids of examples. Default: its last path part. */
  readonly name?: string
}

/** What a file of examples holds. */
export interface ExampleFile {
  readonly file: string
  /** The records without an error, in the file's order; each id is `name:line`. */
  readonly examples: readonly PlacedExample[]
  /** Lines that are not blank: the examples and the refused records. */
  readonly records: number
  /** Records with an error. `examples.length + refused` is `records`. */
  readonly refused: number
  readonly blankLines: number
  /** Number of examples that were given the system prompt of the options. */
  readonly systemAdded: number
  /** Number of records by format id. */
  readonly formats: Readonly<Record<string, number>>
  readonly problems: DataProblems
}

/** Takes the rows of one file and gathers its examples and all that is wrong with it. */
export class ExampleScan {
  readonly #file: string
  readonly #options: ScanOptions
  readonly #examples: PlacedExample[] = []
  readonly #collector = new FindingCollector()
  #refused = 0
  #systemAdded = 0

  constructor(file: string, options: ScanOptions) {
    this.#file = file
    this.#options = options
  }

  take(row: ExampleRow): void {
    const { line, example, findings } = row
    for (const finding of findings) this.#collector.add(finding)
    if (example === undefined) {
      this.#refused++
      return
    }
    const { system, group: key } = this.#options
    const group = key === undefined ? undefined : recordKey(row, key)
    const lacksSystem = system !== undefined && example.messages[0]?.role !== 'system'
    if (lacksSystem) this.#systemAdded++
    this.#examples.push({
      ...example,
      ...(lacksSystem ? { messages: [{ role: 'system', content: system }, ...example.messages] } : {}),
      at: { file: this.#file, line },
      ...(group === undefined ? {} : { group }),
    })
  }

  #add(id: ReadingRuleId, line: number, pointer: string, message: string): void {
    this.#collector.add({
      id,
      severity: readingRules[id].severity,
      at: { file: this.#file, line, ...(pointer === '' ? {} : { pointer }) },
      message,
    })
  }

  result({
    records,
    blankLines,
    firstBlankLine,
    ignored,
    formats,
    wrappers,
    notes,
  }: StreamSummary): ExampleFile {
    for (const { message, pointer, line, records: found } of ignored) {
      if (pointer === `/${this.#options.group}`) continue
      this.#add('record/ignored-key', line, pointer, `${message} (${counted(found, 'record')})`)
    }
    if (blankLines > 0) {
      this.#add('file/blank-line', firstBlankLine, '', `${counted(blankLines, 'blank line')} skipped`)
    }
    for (const note of notes) {
      if (wrappers.some((wrapper) => note.includes(wrapper))) this.#add('file/encoding', 1, '', note)
    }
    const mixed = mixedForms(formats)
    if (mixed !== undefined) this.#add('record/mixed-formats', mixed.line, '', mixed.message)
    return {
      file: this.#file,
      examples: this.#examples,
      records,
      refused: this.#refused,
      blankLines,
      systemAdded: this.#systemAdded,
      formats: Object.fromEntries(formats.map(({ id, records: found }) => [id, found])),
      problems: this.#collector.problems(),
    }
  }
}
