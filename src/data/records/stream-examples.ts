import { basename } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { Example, JsonObject } from '../../core/example.ts'
import { columnFormat, type ColumnMap } from './column-map.ts'
import type { Finding } from '../finding.ts'
import { FormatEvidence, type SeenFormat } from './format-evidence.ts'
import { FormatFinder } from './format-finder.ts'
import { parseRecord, readDraft, reportUnknown, toExample } from './read-record.ts'
import { readingRules, type ReadingRuleId, type Report } from './reading-rules.ts'
import { isJsonObject, kindOf, type RecordFormat } from './record-format.ts'
import { openSource, type OpenedSource } from '../sources/open-source.ts'
import type { SourceRow } from '../sources/source-row.ts'

export interface StreamOptions {
  readonly signal?: AbortSignal | undefined
  /** True where only text is wanted, calls of tools included: media are then errors at their places. Default false. */
  readonly textOnly?: boolean
  /** The form of every record. Default: told by each record. */
  readonly format?: RecordFormat | undefined
  /** What columns, or keys of flat records, mean. Default: told by their names. */
  readonly map?: ColumnMap | undefined
  /** Of an Excel file: the sheet, by name. Default: the first. */
  readonly sheet?: string | undefined
  /** The file's name in the ids of examples. Default: its last path part. */
  readonly name?: string
  /**
   * Asked with the number of the record, from 0: one that is not wanted comes as it stands in the file, without an example.
   * What cannot be read comes all the same.
   */
  readonly wanted?: ((index: number) => boolean) | undefined
}

/** One record of a file. */
export interface ExampleRow {
  /** Line of the file where the record begins, or row of the table; 1-based. Records of a JSON text may share one. */
  readonly line: number
  /** The record as it is written, where it is one line or one JSON value. */
  readonly text: string | undefined
  /** The parsed record, where it is an object. */
  readonly record: JsonObject | undefined
  /** `undefined` when an error was found, or the record is not wanted. */
  readonly example: Example | undefined
  readonly findings: readonly Finding[]
}

/** What a stream has seen so far; all of it when the stream is at its end. */
export interface StreamSummary {
  /** What the file is, such as `CSV` in `gzip`. */
  readonly kind: string
  readonly wrappers: readonly string[]
  readonly notes: readonly string[]
  readonly records: number
  readonly blankLines: number
  readonly firstBlankLine: number
  /** Forms of records, with what shows them. */
  readonly formats: readonly SeenFormat[]
  /** What is not read from records, by what is said about it. */
  readonly ignored: readonly IgnoredKey[]
  readonly bytesRead: number
  readonly totalBytes: number | undefined
}

interface IgnoredKey {
  readonly message: string
  readonly pointer: string
  readonly line: number
  readonly records: number
}

export interface ExampleStream extends AsyncIterable<readonly ExampleRow[]> {
  summary(): StreamSummary
}

const nothing: readonly Finding[] = []
// Records whose keys are data would otherwise fill the memory with one entry each.
const mostIgnored = 100

/**
 * Streams the records of a file of any kind as examples, in batches, because a wait for each is slow. Everything wrong is a
 * finding of its row; nothing is held but the batch. Keys that are not read are counted in the summary instead.
 *
 * @throws HoneError `E_DATA` when the file cannot be opened, is damaged, or its columns mean nothing; `E_DOWNLOAD`;
 *   `signal.reason`
 *
 * @example
 * const stream = streamExamples('train.csv', { signal })
 * for await (const rows of stream) for (const { line, example, findings } of rows) …
 */
export function streamExamples(file: string, options: StreamOptions = {}): ExampleStream {
  return new FileStream(file, options)
}

class FileStream implements ExampleStream {
  readonly #file: string
  readonly #options: StreamOptions
  readonly #idStart: string
  readonly #given: RecordFormat | undefined
  readonly #textOnly: boolean
  readonly #evidence = new FormatEvidence()
  readonly #ignored = new Map<string, { pointer: string; line: number; last: number; records: number }>()
  readonly #forms = new FormatFinder()
  readonly #report: Report = (id, pointer, message, hint) => this.#take(id, pointer, message, hint)
  #source: OpenedSource | undefined
  /** Records of a JSON text may share a line, so their number names them. */
  #isNumbered = false
  #line = 0
  #findings: Finding[] | undefined
  #records = 0
  #blankLines = 0
  #firstBlank = 0

  constructor(file: string, options: StreamOptions) {
    this.#file = file
    this.#options = options
    this.#idStart = `${options.name ?? basename(file)}:`
    this.#textOnly = options.textOnly === true
    this.#given = options.map === undefined ? options.format : columnFormat(options.map)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly ExampleRow[]> {
    const { signal, sheet } = this.#options
    await using source = await openSource(this.#file, { signal, sheet })
    this.#source = source
    this.#isNumbered = source.kind.id === 'json'
    const { isTable } = source.kind
    for await (const rows of source.rows()) {
      signal?.throwIfAborted()
      const batch: ExampleRow[] = []
      for (const row of rows) {
        const read = this.#read(row, isTable)
        if (read !== undefined) batch.push(read)
      }
      if (batch.length > 0) yield batch
    }
  }

  summary(): StreamSummary {
    const source = this.#source
    return {
      kind: source?.kind.id ?? '',
      wrappers: source?.wrappers ?? [],
      notes: source?.notes() ?? [],
      records: this.#records,
      blankLines: this.#blankLines,
      firstBlankLine: this.#firstBlank,
      formats: this.#evidence.seen(),
      ignored: [...this.#ignored].map(([message, { pointer, line, records }]) => ({
        message,
        pointer,
        line,
        records,
      })),
      bytesRead: source?.bytesRead() ?? 0,
      totalBytes: source?.totalBytes,
    }
  }

  #read(row: SourceRow, isTable: boolean): ExampleRow | undefined {
    const line = row.number
    this.#line = line
    this.#findings = undefined
    if ('text' in row) {
      if (isBlank(row.text)) {
        if (this.#blankLines++ === 0) this.#firstBlank = line
        return undefined
      }
      if (!this.#isNext()) return unwanted(line, row.text, undefined)
      const value = parseRecord(row.text, this.#report)
      return this.#row(line, row.text, value)
    }
    const isWanted = this.#isNext()
    if ('record' in row) {
      if (isTable) this.#checkTable(row.record)
      return isWanted ? this.#row(line, undefined, row.record) : unwanted(line, undefined, row.record)
    }
    this.#report(row.fault, '', row.message, row.hint)
    return {
      line,
      text: undefined,
      record: undefined,
      example: undefined,
      findings: this.#findings ?? nothing,
    }
  }

  /** Counts a record, and says whether it is wanted. */
  #isNext(): boolean {
    const index = this.#records++
    const { wanted } = this.#options
    return wanted === undefined || wanted(index)
  }

  #row(line: number, text: string | undefined, value: unknown): ExampleRow {
    const record = isJsonObject(value) ? value : undefined
    let example: Example | undefined
    if (record !== undefined) {
      const format = this.#given ?? this.#forms.find(record)
      if (format === undefined) reportUnknown(record, this.#report)
      else {
        const draft = readDraft(record, format, this.#report, this.#textOnly)
        this.#evidence.count(format, line, draft.messages)
        if (!draft.refused)
          example = toExample(draft, this.#idStart + (this.#isNumbered ? this.#records : line))
      }
    } else if (value !== undefined) {
      this.#report('record/not-object', '', `a record must be an object, this is ${kindOf(value)}`)
    }
    return { line, text, record, example, findings: this.#findings ?? nothing }
  }

  /** A table whose columns mean nothing is one mistake, not one for each row. */
  #checkTable(record: JsonObject): void {
    if (this.#records > 1) return
    const columns = Object.keys(record)
    const { map } = this.#options
    const missing =
      map && Object.entries(map).find(([target, column]) => isNeeded(target) && !columns.includes(column))
    if (missing === undefined && (this.#given !== undefined || this.#forms.find(record) !== undefined)) return
    const listed = columns.slice(0, 20).join(', ')
    const [first = 'question', second = 'answer'] = columns
    throw new HoneError(
      'E_DATA',
      missing === undefined
        ? `what the columns mean cannot be told: ${listed}`
        : `there is no column ${JSON.stringify(missing[1])}; there are ${listed}`,
      {
        at: { file: this.#file },
        hint: `name them: hone data import FILE --map ${JSON.stringify(`user=${first},assistant=${second}`)}`,
      },
    )
  }

  #take(id: ReadingRuleId, pointer: string, message: string, hint?: string): void {
    const line = this.#line
    if (id === 'record/ignored-key') {
      const known = this.#ignored.get(message)
      if (known === undefined) {
        if (this.#ignored.size < mostIgnored)
          this.#ignored.set(message, { pointer, line, last: this.#records, records: 1 })
      } else if (known.last !== this.#records) {
        known.last = this.#records
        known.records++
      }
      return
    }
    this.#findings ??= []
    this.#findings.push({
      id,
      severity: readingRules[id].severity,
      at: { file: this.#file, line, ...(pointer === '' ? {} : { pointer }) },
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  }
}

const unwanted = (line: number, text: string | undefined, record: JsonObject | undefined): ExampleRow => ({
  line,
  text,
  record,
  example: undefined,
  findings: nothing,
})

/** What a first row may lack: its cell is empty there. */
const isNeeded = (target: string): boolean => target === 'user' || target === 'assistant'

function isBlank(text: string): boolean {
  const first = text.charCodeAt(0)
  return first > 32 && first < 127 ? false : text.trim() === ''
}
