import { isUtf8 } from 'node:buffer'
import type { JsonObject } from '../../core/example.ts'
import type { LineBatch } from '../../lib/read-line-batches.ts'
import type { FoundMany } from '../finding.ts'
import { isLineFault, parseLine } from '../records/parse-line.ts'
import { readingRules, type ReadingRuleId } from '../records/reading-rules.ts'
import type { SourceRow } from '../sources/source-row.ts'
import { RecordHasher } from './duplicate-index.ts'
import { FindingOutbox } from './finding-outbox.ts'
import { RecordReading, type ReadingSummary } from './record-reading.ts'
import { collectFinding, RowChecker, type Needle } from './row-checker.ts'
import type { CheckSettings, FileFacts } from './rule.ts'
import { SetRowsWriter, type SetRows } from './set-rows.ts'

/** What some lines gave, and what rules over the whole set need to know of them. Can be sent between threads. */
export interface BatchResult {
  /** Lines that are not blank. */
  readonly records: number
  readonly facts: FileFacts
  readonly found: FoundMany
  readonly rows: SetRows
  /** Where Hone itself is to read the records. */
  readonly reading: ReadingSummary | undefined
}

/** All bits of needles: every rule looks. */
const anyText = -1

/** Of no line at all. */
export const noFacts: FileFacts = {
  lines: 0,
  blankLines: 0,
  firstBlank: 0,
  carriageReturns: 0,
  firstCarriageReturn: 0,
  hasByteOrderMark: false,
}

/** Checks records one by one. Nothing that it says depends on what was in earlier batches. */
export class BatchCheck {
  readonly #file: string
  readonly #found = new FindingOutbox()
  readonly #checker: RowChecker
  readonly #hasher = new RecordHasher()
  readonly #reading: RecordReading | undefined
  #rows = new SetRowsWriter(0)
  #records = 0
  #facts: { -readonly [Key in keyof FileFacts]: FileFacts[Key] } = { ...noFacts }

  constructor(file: string, settings: CheckSettings) {
    this.#file = file
    this.#checker = new RowChecker(settings, (row, active, said) =>
      collectFinding(this.#found, this.#checker, { file, row, active, ...said }),
    )
    const { profile } = settings
    const isLocal = profile?.service === 'local'
    this.#reading =
      profile === undefined || isLocal ? new RecordReading(file, this.#found, isLocal) : undefined
  }

  /** What was taken since the last time. */
  #result(): BatchResult {
    const result = {
      records: this.#records,
      facts: this.#facts,
      found: this.#found.take(),
      rows: this.#rows.rows(),
      reading: this.#reading?.summary(),
    }
    this.#records = 0
    this.#facts = { ...noFacts }
    return result
  }

  /** @param placeOf tells the place of a row, by the records of these that come before it */
  takeRows(rows: readonly SourceRow[], placeOf: (row: SourceRow, before: number) => number): BatchResult {
    this.#rows = new SetRowsWriter(rows.length)
    for (const row of rows) {
      const line = placeOf(row, this.#records)
      if ('text' in row) {
        this.#facts.lines++
        this.#takeLine(row.text, line, Buffer.byteLength(row.text), anyText)
      } else if ('record' in row) {
        this.#records++
        this.#takeRecord(row.record, line, Buffer.byteLength(JSON.stringify(row.record)), anyText)
      } else {
        this.#records++
        this.#add(row.fault, line, row.message)
      }
    }
    return this.#result()
  }

  takeLines(batch: LineBatch): BatchResult {
    this.#rows = new SetRowsWriter(batch.count)
    if (batch.tooLong === undefined) this.#takeLines(batch)
    else {
      this.#records++
      const size = (batch.tooLong / 2 ** 20).toFixed(1)
      this.#add('json/too-long', batch.firstLine, `the line has ${size} MiB, the limit is 16 MiB`)
    }
    return this.#result()
  }

  #takeLines(batch: LineBatch): void {
    const { bytes, starts, ends, count, firstLine, isAscii } = batch
    this.#facts.lines += count
    const suspects = findNeedles(batch, this.#checker.needles)
    const encoding = isAscii ? 'latin1' : 'utf8'
    const isSound = isAscii || isUtf8(bytes)
    for (let at = 0; at < count; at++) {
      const line = firstLine + at
      let start = starts[at] ?? 0
      let end = ends[at] ?? 0
      if (line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
        this.#facts.hasByteOrderMark = true
        start += 3
      }
      if (end > start && bytes[end - 1] === 0x0d) {
        end--
        if (this.#facts.carriageReturns++ === 0) this.#facts.firstCarriageReturn = line
      }
      if (!isSound && !isUtf8(bytes.subarray(start, end))) {
        this.#records++
        this.#add('json/encoding', line, 'the line is not UTF-8 text')
        continue
      }
      this.#takeLine(bytes.toString(encoding, start, end), line, end - start, suspects[at] ?? 0)
    }
  }

  #takeLine(text: string, line: number, bytes: number, suspects: number): void {
    if (bytes < 1000 && text.trim() === '') {
      if (this.#facts.blankLines++ === 0) this.#facts.firstBlank = line
      return
    }
    this.#records++
    const parsed = parseLine(text)
    if (isLineFault(parsed)) {
      const { fault, message, mended } = parsed
      this.#add(fault, line, message, mended === undefined ? undefined : 'the comma is taken away')
      return
    }
    this.#takeRecord(parsed, line, bytes, suspects)
  }

  #takeRecord(record: JsonObject, line: number, bytes: number, suspects: number): void {
    const row = this.#checker.rowOf(record, line, bytes)
    this.#reading?.take(row.record, line)
    this.#checker.check(row, suspects)
    this.#rows.add(row, this.#hasher.hash(row))
  }

  #add(id: ReadingRuleId, line: number, message: string, fix?: string): void {
    this.#found.add({
      id,
      severity: readingRules[id].severity,
      at: { file: this.#file, line },
      message,
      hint: 'mend the line or remove it',
      ...(fix === undefined ? {} : { fix }),
    })
  }
}

/** What two parts of a file that follow one another have together. */
export function joinedFacts(before: FileFacts, after: FileFacts): FileFacts {
  return {
    lines: before.lines + after.lines,
    blankLines: before.blankLines + after.blankLines,
    firstBlank: before.blankLines > 0 ? before.firstBlank : after.firstBlank,
    carriageReturns: before.carriageReturns + after.carriageReturns,
    firstCarriageReturn: before.carriageReturns > 0 ? before.firstCarriageReturn : after.firstCarriageReturn,
    hasByteOrderMark: before.hasByteOrderMark || after.hasByteOrderMark,
  }
}

/** Which lines of a batch hold which needles, as bits; every needle is searched through the whole batch at once. */
function findNeedles({ bytes, ends, count, isAscii }: LineBatch, needles: readonly Needle[]): Int32Array {
  const suspects = new Int32Array(count)
  for (const { bytes: needle, bit } of needles) {
    if (isAscii && (needle[0] ?? 0) > 127) continue
    let line = 0
    for (let at = bytes.indexOf(needle); at !== -1;) {
      while (line < count && (ends[line] ?? 0) < at) line++
      suspects[line] = (suspects[line] ?? 0) | bit
      // One hit decides about the line.
      at = bytes.indexOf(needle, ends[line] ?? at + 1)
    }
  }
  return suspects
}
