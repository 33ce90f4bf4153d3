import { basename } from 'node:path'
import type { Line } from '../lib/read-lines.ts'
import { counted } from './counted.ts'
import { FindingCollector, type DataProblems } from './finding.ts'
import type { PlacedExample } from './placed-example.ts'
import { readRecord } from './read-record.ts'
import { recordFormats } from './record-formats.ts'
import { readingRules, type ReadingRuleId } from './reading-rules.ts'

export interface ScanOptions {
  readonly signal?: AbortSignal
  /** Put in front of every record that has no system message of its own. */
  readonly system?: string
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

/** Takes the lines of one file and gathers its examples and all that is wrong with it. */
export class ExampleScan {
  readonly #file: string
  readonly #options: ScanOptions
  readonly #name: string
  readonly #examples: PlacedExample[] = []
  readonly #collector = new FindingCollector()
  readonly #formats = new Map<string, { count: number; line: number }>()
  /** By message: what is not read from records, said once. */
  readonly #ignored = new Map<string, { pointer: string; line: number; last: number; records: number }>()
  #records = 0
  #refused = 0
  #blankLines = 0
  #firstBlank = 0
  #systemAdded = 0

  constructor(file: string, options: ScanOptions) {
    this.#file = file
    this.#options = options
    this.#name = options.name ?? basename(file)
  }

  take(line: Line): void {
    if ('text' in line && line.text.trim() === '') {
      if (this.#blankLines++ === 0) this.#firstBlank = line.number
      return
    }
    this.#records++
    if ('text' in line) this.#takeRecord(line.number, line.text)
    else {
      this.#refused++
      if (line.fault === 'not-utf8') this.#add('json/encoding', line.number, '', 'the line is not UTF-8 text')
      else {
        const size = (line.bytes / 2 ** 20).toFixed(1)
        this.#add('json/too-long', line.number, '', `the line has ${size} MiB, the limit is 16 MiB`)
      }
    }
  }

  #takeRecord(line: number, text: string): void {
    const {
      messages,
      format,
      record: _,
      ...rest
    } = readRecord(text, (id, pointer, message, hint) => {
      if (id === 'record/ignored-key') this.#ignore(line, pointer, message)
      else this.#add(id, line, pointer, message, hint)
    })
    if (format !== undefined) {
      const known = this.#formats.get(format)
      if (known === undefined) this.#formats.set(format, { count: 1, line })
      else known.count++
    }
    if (messages === undefined) {
      this.#refused++
      return
    }
    const { system } = this.#options
    const lacksSystem = system !== undefined && messages[0]?.role !== 'system'
    if (lacksSystem) this.#systemAdded++
    this.#examples.push({
      id: `${this.#name}:${line}`,
      messages: lacksSystem ? [{ role: 'system', content: system }, ...messages] : messages,
      ...rest,
      at: { file: this.#file, line },
    })
  }

  #ignore(line: number, pointer: string, message: string): void {
    const known = this.#ignored.get(message)
    if (known === undefined) {
      // Records whose keys are data would otherwise fill the memory with one entry each.
      if (this.#ignored.size < 100) this.#ignored.set(message, { pointer, line, last: line, records: 1 })
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

  result(): ExampleFile {
    for (const [message, { pointer, line, records }] of this.#ignored) {
      this.#add('record/ignored-key', line, pointer, `${message} (${counted(records, 'record')})`)
    }
    if (this.#blankLines > 0) {
      this.#add('file/blank-line', this.#firstBlank, '', `${counted(this.#blankLines, 'blank line')} skipped`)
    }
    const formats = [...this.#formats]
    const rarest = formats.toSorted(([, a], [, b]) => a.count - b.count)[0]
    if (!alike(formats.map(([id]) => id)) && rarest !== undefined) {
      const list = formats.map(([id, { count: records }]) => `${records.toLocaleString('en-US')} × ${id}`)
      this.#add('record/mixed-formats', rarest[1].line, '', `records of several forms: ${list.join(', ')}`)
    }
    return {
      file: this.#file,
      examples: this.#examples,
      records: this.#records,
      refused: this.#refused,
      blankLines: this.#blankLines,
      systemAdded: this.#systemAdded,
      formats: Object.fromEntries(formats.map(([id, { count: records }]) => [id, records])),
      problems: this.#collector.problems(),
    }
  }
}

/** Formats that share a key are one habit of writing: `system` beside `messages` may be left out. */
function alike(ids: readonly string[]): boolean {
  const keys = recordFormats.filter(({ id }) => ids.includes(id)).map(({ requiredKeys }) => requiredKeys)
  return keys.length === 0 || (keys[0] ?? []).some((key) => keys.every((others) => others.includes(key)))
}
