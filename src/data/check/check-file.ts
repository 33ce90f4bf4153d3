import { basename } from 'node:path'
import type { JsonObject } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import { readLineBatches } from '../../lib/read-line-batches.ts'
import type { Profile } from '../../profiles/profile.ts'
import { FindingCollector, type DataProblems, type Severity } from '../finding.ts'
import { isLineFault, parseLine, type LineFault } from '../records/parse-line.ts'
import { openSource, type OpenedSource } from '../sources/open-source.ts'
import { isS3 } from '../sources/s3-bytes.ts'
import { BatchCheck, joinedFacts, noFacts, type BatchResult } from './batch-check.ts'
import { CheckPool, helpingThreads } from './check-pool.ts'
import type { SharedCheck } from './check-thread.ts'
import { DuplicateIndex } from './duplicate-index.ts'
import { isPlainLines, otherKind, placeOf, unitOf, type CheckUnit } from './file-kind.ts'
import { LabelTally } from './label-tally.ts'
import { loadGate } from './load-gate.ts'
import { ReadingTally } from './record-reading.ts'
import { RowChecker } from './row-checker.ts'
import { ruleId, type CheckSettings, type LanguageOf, type SchemaFault, type TargetModel } from './rule.ts'
import { hashAt, reachRows, rowAt } from './set-rows.ts'
import { setRules } from './set-rules.ts'

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
  /** Threads that help this one. Default: for large files, one for each other processor, up to 3. */
  readonly threads?: number | undefined
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
 * memory (about 27 bytes for each record).
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
  readonly #batches: BatchCheck
  readonly #shared = { duplicates: new DuplicateIndex(), labels: new LabelTally() }
  readonly #sets
  readonly #reading = new ReadingTally()
  #objects = 0
  #records = 0
  #facts = noFacts

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
    this.#batches = new BatchCheck(file, settings)
    this.#sets = setRules.flatMap((rule) => {
      const check = rule.start(settings, this.#shared)
      return check === undefined ? [] : [{ rule, check }]
    })
  }

  /** Reads a file of another kind through what knows its rows. */
  async readRows(source: OpenedSource): Promise<void> {
    const { signal, onProgress } = this.#options
    for await (const rows of source.rows()) {
      signal?.throwIfAborted()
      const before = this.#records
      this.#take(this.#batches.takeRows(rows, (row, taken) => placeOf(source, row, before + taken)))
      onProgress?.(source.bytesRead(), this.#bytes, this.#records)
    }
  }

  async readLines(): Promise<void> {
    const { signal, onProgress } = this.#options
    const batches = readLineBatches(this.#file, {
      signal,
      onProgress: (bytes) => onProgress?.(bytes, this.#bytes, this.#records),
    })
    await using pool = new CheckPool(this.#batches, this.#help())
    for await (const batch of batches) {
      if (batch.firstLine === 1)
        this.#shared.duplicates.expect((this.#bytes / batch.bytes.length) * batch.count)
      for (const result of await pool.take(batch)) this.#take(result)
    }
    for (const result of await pool.rest()) this.#take(result)
  }

  /** What threads need to help; `undefined` where they would not. */
  #help(): SharedCheck | undefined {
    const { profile, part, privacy, target, labelOf, answerFaults } = this.#options
    // Functions cannot go there.
    if (target !== undefined || labelOf !== undefined || answerFaults !== undefined) return undefined
    const { threads = this.#bytes < fewestSharedBytes ? 0 : helpingThreads } = this.#options
    return { file: this.#file, profile, part, privacy: privacy === true, threads }
  }

  #take({ records, facts, found, rows, reading }: BatchResult): void {
    this.#records += records
    this.#facts = joinedFacts(this.#facts, facts)
    this.#collector.addMany(found)
    if (reading !== undefined) this.#reading.add(reading)
    this.#objects += rows.count
    reachRows(rows, this.#shared.duplicates)
    for (let at = 0; at < rows.count; at++) {
      const row = rowAt(rows, at)
      const hash = hashAt(rows, at)
      if (hash !== undefined) this.#shared.duplicates.place(row.key, hash)
      this.#shared.labels.take(this.#options.labelOf === undefined ? row.answer?.text : row.label, row.key)
      for (const { check } of this.#sets) check.take?.(row)
    }
  }

  async finish(): Promise<Omit<FileCheck, 'kind' | 'unit' | 'notes'>> {
    if (this.#records === 0) throw emptyFile(this.#file)
    this.#reading.sayAll(this.#file, this.#collector)
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

/** A smaller file is checked before a thread would have loaded what it needs. */
const fewestSharedBytes = 32 * 2 ** 20

const emptyFile = (file: string): HoneError =>
  new HoneError('E_DATA_EMPTY', 'the file has no record', {
    at: { file },
    hint: 'write one JSON object a line',
  })

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

/** Loaded at the end, and only where a rule needs it: the tables of the detector take memory and a quarter of a second. */
async function loadLanguages(): Promise<LanguageOf> {
  const { eld } = await import('eld/extrasmall')
  return (text) => {
    const result = eld.detect(text)
    return result.isReliable() ? result.language : undefined
  }
}
