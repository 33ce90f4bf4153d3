import { parseColumnMap } from '../../data/records/column-map.ts'
import { FindingCollector, type DataProblems } from '../../data/finding.ts'
import { formatById, recordFormats } from '../../data/records/record-formats.ts'
import { streamExamples, type ExampleStream, type StreamSummary } from '../../data/records/stream-examples.ts'
import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import { closestWord } from '../../lib/closest-word.ts'
import type { RecordFormat } from '../../data/records/record-format.ts'
import type { DataOptions } from './data-event.ts'

/** How files are to be read, as a command line says it. */
export interface SourceRequest {
  /** Id of the form of all records. Default: told by each. */
  readonly from?: string | undefined
  /** What columns mean, such as `user=question,assistant=answer`. Default: told by their names. */
  readonly map?: string | undefined
  /** Of an Excel file. Default: the first sheet. */
  readonly sheet?: string | undefined
}

/** What one file was, and what was read of it. */
export interface ReadSource {
  readonly file: string
  /** Such as `csv`; `jsonl in gzip`. */
  readonly kind: string
  readonly notes: readonly string[]
  readonly formats: readonly { readonly id: string; readonly records: number; readonly evidence: string }[]
  readonly records: number
  readonly refused: number
  readonly blankLines: number
  /** What is not read from records, in words with the number of records. */
  readonly notRead: readonly { readonly what: string; readonly records: number }[]
  readonly problems: DataProblems
}

/** Reads one file and keeps count; rows come as examples. */
export class SourceReader {
  readonly #file: string
  readonly #stream: ExampleStream
  readonly #step: string
  readonly #options: DataOptions
  readonly #collector = new FindingCollector()
  #refused = 0

  constructor(file: string, request: SourceRequest, step: string, options: DataOptions) {
    this.#file = file
    this.#step = step
    this.#options = options
    this.#stream = streamExamples(file, {
      signal: options.signal,
      sheet: request.sheet,
      format: request.from === undefined ? undefined : formatNamed(request.from),
      map: request.map === undefined ? undefined : parseColumnMap(request.map),
    })
  }

  async *examples(): AsyncGenerator<readonly { readonly line: number; readonly example: Example }[]> {
    for await (const rows of this.#stream) {
      const examples: { line: number; example: Example }[] = []
      for (const { line, example, findings } of rows) {
        for (const finding of findings) this.#collector.add(finding)
        if (example === undefined) this.#refused++
        else examples.push({ line, example })
      }
      yield examples
      this.#tell(this.#stream.summary())
    }
  }

  result(): ReadSource {
    const { kind, wrappers, notes, formats, records, blankLines, ignored } = this.#stream.summary()
    return {
      file: this.#file,
      kind: [kind, ...wrappers.toReversed()].join(' in '),
      notes,
      formats: formats.map(({ id, records: found, evidence }) => ({ id, records: found, evidence })),
      records,
      refused: this.#refused,
      blankLines,
      notRead: ignored.map(({ message, records: found }) => ({ what: message, records: found })),
      problems: this.#collector.problems(),
    }
  }

  #tell({ records, bytesRead, totalBytes }: StreamSummary): void {
    const { onEvent } = this.#options
    onEvent?.({
      type: 'data-progress',
      step: this.#step,
      records,
      bytes: bytesRead,
      totalBytes: totalBytes ?? bytesRead,
    })
  }
}

/**
 * Refuses a form or a column map that cannot be meant.
 *
 * @throws HoneError `E_USAGE`
 */
export function refuseSource({ from, map }: SourceRequest): void {
  if (from !== undefined) formatNamed(from)
  if (map !== undefined) parseColumnMap(map)
}

/** Every form of records, in words. */
export const listFormats = (): Pick<RecordFormat, 'id' | 'form' | 'usedBy'>[] =>
  recordFormats.map(({ id, form, usedBy }) => ({ id, form, usedBy }))

/**
 * A format by its id.
 *
 * @throws HoneError `E_USAGE` for an id that is none
 */
export function formatNamed(id: string): RecordFormat {
  const format = formatById(id)
  if (format !== undefined) return format
  const ids = recordFormats.map((each) => each.id)
  const near = closestWord(id, ids)
  throw new HoneError('E_USAGE', `there is no format ${JSON.stringify(id)}`, {
    hint: `${near === undefined ? '' : `did you mean ${near}? `}formats are ${ids.join(', ')}`,
  })
}
