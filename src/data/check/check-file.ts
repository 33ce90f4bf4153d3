import { isUtf8 } from 'node:buffer'
import { basename } from 'node:path'
import type { JsonObject } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import { readLineBatches, type LineBatch } from '../../lib/read-line-batches.ts'
import type { Profile } from '../../profiles/profile.ts'
import { DuplicateIndex } from './duplicate-index.ts'
import { FindingCollector, type DataProblems, type Severity } from '../finding.ts'
import { LabelTally } from './label-tally.ts'
import { isLineFault, parseLine, type LineFault } from '../records/parse-line.ts'
import { readingRules, type ReadingRuleId } from '../records/reading-rules.ts'
import { RecordReading } from './record-reading.ts'
import { collectFinding, RowChecker, type Needle } from './row-checker.ts'
import {
  ruleId,
  type CheckRow,
  type CheckSettings,
  type FileFacts,
  type LanguageOf,
  type SchemaFault,
  type TargetModel,
} from './rule.ts'
import { setRules } from './set-rules.ts'
import { isPlainLines, otherKind, placeOf, unitOf, type CheckUnit } from './file-kind.ts'
import type { RedactionGate } from '../redact/require-redacted.ts'
import { openSource, type OpenedSource } from '../sources/open-source.ts'
import type { SourceRow } from '../sources/source-row.ts'
import { isS3 } from '../sources/s3-bytes.ts'

export interface CheckFileOptions {
  /** Whose rules must be obeyed. Default: those that any form must obey to be read. */
  readonly profile?: Profile | undefined
  readonly part?: 'training' | 'validation' | undefined
  readonly target?: TargetModel | undefined
  /** Finds the label of a record. Default: whole answers, where they behave as labels do. */
  readonly labelOf?: CheckSettings['labelOf']
  readonly answerFaults?: ((answer: unknown) => readonly SchemaFault[]) | undefined
  /** Look for personal data. Default false: every text is read by every detector, which takes twice as long. */
  readonly privacy?: boolean | undefined
  /** Check any kind of file that can be read, such as CSV. Default false: what is no JSONL is refused, as services do. */
  readonly anyKind?: boolean | undefined
  /** The other file of the task: its labels and the number of its records are looked at. */
  readonly against?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((bytes: number, total: number, records: number) => void) | undefined
}

/** What a file holds and what is wrong with it. */
export interface FileCheck {
  readonly file: string
  readonly bytes: number
  /** What the file is, such as `csv in gzip`. */
  readonly kind: string
  /** What is counted in `line` of the findings' places: lines, rows of a table, or the records of a JSON text. */
  readonly unit: CheckUnit
  /** What is worth saying about how the file is read. */
  readonly notes: readonly string[]
  /** Lines that are not blank. */
  readonly records: number
  readonly blankLines: number
  readonly problems: DataProblems
  /** Number of findings that `--fix` mends. */
  readonly mendable: Readonly<Record<Severity, number>>
}

/**
 * Checks a JSONL file, or with `anyKind` the records of any file, against every rule that applies, in one pass and bounded
 * memory (about 30 bytes for each record).
 *
 * @throws HoneError `E_DATA` where the file cannot be opened or is of another kind, `E_DATA_EMPTY`; `signal.reason`
 */
export async function checkFile(file: string, options: CheckFileOptions = {}): Promise<FileCheck> {
  await using source =
    isS3(file) && options.anyKind !== true ? undefined : await openSource(file, { signal: options.signal })
  const isLines = source !== undefined && isPlainLines(source)
  if (source === undefined || (!isLines && options.anyKind !== true))
    throw otherKind(file, source, options.profile)
  const against = options.against === undefined ? undefined : await readAgainst(options.against, options)
  const unit = unitOf(source)
  const privacy = options.privacy === true ? await loadGate() : undefined
  const pass = new CheckPass(file, { bytes: source.totalBytes ?? 0, unit, privacy, against }, options)
  // Lines as they lie there are read as bytes, which is several times as fast.
  await (isLines ? pass.readLines() : pass.readRows(source))
  return {
    ...(await pass.finish()),
    kind: [source.kind.id, ...source.wrappers.toReversed()].join(' in '),
    unit,
    notes: source.notes(),
    ...(isLines ? {} : { mendable: { error: 0, warning: 0, note: 0 } }),
  }
}

class CheckPass {
  readonly #file: string
  readonly #bytes: number
  readonly #options: CheckFileOptions
  readonly #collector = new FindingCollector()
  readonly #checker: RowChecker
  readonly #shared = { duplicates: new DuplicateIndex(), labels: new LabelTally() }
  readonly #sets
  readonly #reading: RecordReading | undefined
  #objects = 0
  #records = 0
  #facts: { -readonly [Key in keyof FileFacts]: FileFacts[Key] } = {
    lines: 0,
    blankLines: 0,
    firstBlank: 0,
    carriageReturns: 0,
    firstCarriageReturn: 0,
    hasByteOrderMark: false,
  }

  constructor(
    file: string,
    {
      bytes,
      unit,
      privacy,
      against,
    }: Pick<CheckSettings, 'privacy' | 'against'> & { readonly bytes: number; readonly unit: CheckUnit },
    options: CheckFileOptions,
  ) {
    const { profile, part, target, labelOf, answerFaults } = options
    this.#file = file
    this.#bytes = bytes
    this.#options = options
    const name = basename(file)
    const settings: CheckSettings = {
      profile,
      part,
      target,
      labelOf,
      answerFaults,
      privacy,
      against,
      file: { name, bytes },
      nameOf: (line) => `${unit} ${line.toLocaleString('en-US')}`,
      placeOf: (line) => ({ file, line }),
    }
    this.#checker = new RowChecker(settings, (row, active, said) =>
      collectFinding(this.#collector, this.#checker, { file, row, active, ...said }),
    )
    this.#sets = setRules.flatMap((rule) => {
      const check = rule.start(settings, this.#shared)
      return check === undefined ? [] : [{ rule, check }]
    })
    const isLocal = profile?.service === 'local'
    const isRead = profile === undefined || isLocal
    this.#reading = isRead ? new RecordReading(file, this.#collector, isLocal) : undefined
  }

  /** Reads a file of another kind through what knows its rows. */
  async readRows(source: OpenedSource): Promise<void> {
    const { signal, onProgress } = this.#options
    for await (const rows of source.rows()) {
      signal?.throwIfAborted()
      for (const row of rows) this.#takeRow(row, placeOf(source, row, this.#records))
      onProgress?.(source.bytesRead(), this.#bytes, this.#records)
    }
  }

  #takeRow(row: SourceRow, line: number): void {
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

  async readLines(): Promise<void> {
    const { signal, onProgress } = this.#options
    const batches = readLineBatches(this.#file, {
      signal,
      onProgress: (bytes) => onProgress?.(bytes, this.#bytes, this.#records),
    })
    for await (const batch of batches) this.#take(batch)
  }

  #take(batch: LineBatch): void {
    if (batch.tooLong !== undefined) {
      this.#records++
      const size = (batch.tooLong / 2 ** 20).toFixed(1)
      this.#add('json/too-long', batch.firstLine, `the line has ${size} MiB, the limit is 16 MiB`)
      return
    }
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
    this.#objects++
    const row = this.#checker.rowOf(record, line, bytes)
    this.#reading?.take(row.record, line)
    this.#checker.check(row, suspects)
    this.#takeForSets(row)
  }

  #takeForSets(row: CheckRow): void {
    this.#shared.duplicates.take(row)
    this.#shared.labels.take(this.#options.labelOf === undefined ? row.answer?.text : row.label, row.key)
    for (const { check } of this.#sets) check.take?.(row)
  }

  #add(id: ReadingRuleId, line: number, message: string, fix?: string): void {
    this.#collector.add({
      id,
      severity: readingRules[id].severity,
      at: { file: this.#file, line },
      message,
      hint: 'mend the line or remove it',
      ...(fix === undefined ? {} : { fix }),
    })
  }

  async finish(): Promise<Omit<FileCheck, 'kind' | 'unit' | 'notes'>> {
    if (this.#records === 0) throw emptyFile(this.#file)
    this.#reading?.finish()
    const summary = {
      records: this.#objects,
      file: this.#facts,
      languageOf: this.#sets.some(({ check }) => check.needsLanguages?.() === true)
        ? await loadLanguages()
        : undefined,
    }
    for (const { rule, check } of this.#sets) {
      const id = ruleId(rule.id, this.#options.profile)
      for (const finding of check.finish(summary)) {
        const fix = rule.fixWords === undefined ? {} : { fix: rule.fixWords }
        const at = { file: this.#file, ...finding.at }
        this.#collector.add({ id, severity: rule.severity, ...fix, ...finding, at })
      }
    }
    return {
      file: this.#file,
      bytes: this.#bytes,
      records: this.#records,
      blankLines: this.#facts.blankLines,
      problems: this.#collector.problems(),
      mendable: this.#collector.mendable,
    }
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

const emptyFile = (file: string): HoneError =>
  new HoneError('E_DATA_EMPTY', 'the file has no record', {
    at: { file },
    hint: 'write one JSON object a line',
  })

/** All bits of needles: every rule looks. */
const anyText = -1

async function readAgainst(
  file: string,
  { labelOf, signal, anyKind }: CheckFileOptions,
): Promise<NonNullable<CheckSettings['against']>> {
  await using source = await openSource(file, { signal })
  const isLines = isPlainLines(source)
  if (!isLines && anyKind !== true) throw otherKind(file, source, undefined)
  const labels = new LabelTally()
  const checker = new RowChecker({ labelOf, nameOf: String, placeOf: (line) => ({ file, line }) })
  let records = 0
  const take = (record: JsonObject | LineFault, place: number): void => {
    if (isLineFault(record)) return
    records++
    const row = checker.rowOf(record, place, 0)
    labels.take(labelOf === undefined ? row.answer?.text : row.label, place)
  }
  if (isLines) {
    for await (const { bytes, starts, ends, count, firstLine } of readLineBatches(file, { signal })) {
      for (let at = 0; at < count; at++) {
        take(parseLine(bytes.toString('utf8', starts[at], ends[at]).replace('\ufeff', '')), firstLine + at)
      }
    }
  } else {
    for await (const rows of source.rows()) {
      for (const row of rows) {
        if ('text' in row) take(parseLine(row.text), row.number)
        else if ('record' in row) take(row.record, row.number)
      }
    }
  }
  if (source.bytesRead() === 0 && source.totalBytes === 0) throw emptyFile(file)
  return { name: basename(file), labels, records }
}

/** Loaded only where it is asked for: its detectors take time. */
async function loadGate(): Promise<RedactionGate> {
  const { RedactionGate } = await import('../redact/require-redacted.ts')
  return new RedactionGate()
}

/** Loaded at the end, and only where a rule needs it: the tables of the detector take memory and a quarter of a second. */
async function loadLanguages(): Promise<LanguageOf> {
  const { eld } = await import('eld/extrasmall')
  return (text) => {
    const result = eld.detect(text)
    return result.isReliable() ? result.language : undefined
  }
}
