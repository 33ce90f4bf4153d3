import { stat } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { readLines } from '../../lib/read-lines.ts'
import { replaceFile, type FileWriter } from '../../lib/replace-file.ts'
import type { Redactor, RedactionFinding } from './redact-json.ts'

export interface RedactFileOptions {
  /** Where the redacted records go. Default: nowhere, they are only counted. */
  readonly to?: string | undefined
  /** Where each find goes, as JSON lines. */
  readonly report?: string | undefined
  /** First line of the report. */
  readonly reportHead?: object | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((records: number, bytes: number, totalBytes: number) => void) | undefined
}

export interface KindCount {
  /** Finds. */
  found: number
  /** Records with one or more. */
  records: number
}

export interface RedactFileResult {
  readonly records: number
  /** Records that were changed, dropped ones not included. */
  readonly changed: number
  readonly dropped: number
  /** By kind, those that occur most first. */
  readonly kinds: Readonly<Record<string, KindCount>>
}

const writtenAtOnce = 2 ** 20
const recordsBetweenProgress = 2_000

/**
 * Redacts a JSONL file record by record, in memory that does not grow with it. Records in which nothing was found are
 * written as they were read; blank lines are left out. Outputs appear whole or not at all.
 *
 * @throws HoneError `E_DATA` with the line that is not JSON; `E_DISK`; `signal.reason`.
 */
export async function redactFile(
  file: string,
  redactor: Redactor,
  options: RedactFileOptions = {},
): Promise<RedactFileResult> {
  const { to, report, reportHead = {} } = options
  const totalBytes = (await stat(file)).size
  const counts = { records: 0, changed: 0, dropped: 0 }
  const kinds = new Map<string, KindCount>()
  const pass = async (out: BufferedWriter | undefined, listed: BufferedWriter | undefined): Promise<void> => {
    await listed?.add(JSON.stringify(reportHead))
    let bytes = 0
    for await (const line of readLines(
      file,
      options.signal === undefined ? {} : { signal: options.signal },
    )) {
      const text = recordOf(line, file)
      bytes += text.length + 1
      if (text.trim() === '') continue
      const { json, findings } = redactAt(redactor, text, file, line.number)
      counts.records++
      if (findings.length > 0) {
        if (json === undefined) counts.dropped++
        else counts.changed++
        count(findings, kinds)
        for (const finding of findings) await listed?.add(JSON.stringify({ line: line.number, ...finding }))
      }
      if (json !== undefined) await out?.add(json)
      if (counts.records % recordsBetweenProgress === 0)
        options.onProgress?.(counts.records, bytes, totalBytes)
    }
    options.onProgress?.(counts.records, totalBytes, totalBytes)
    await out?.flush()
    await listed?.flush()
  }
  await withOutput(to, async (out) => {
    await withOutput(report, async (listed) => {
      await pass(out, listed)
    })
  })
  const sorted = [...kinds].toSorted(([, a], [, b]) => b.found - a.found)
  return { ...counts, kinds: Object.fromEntries(sorted) }
}

async function withOutput(
  path: string | undefined,
  fill: (writer: BufferedWriter | undefined) => Promise<void>,
): Promise<void> {
  if (path === undefined) await fill(undefined)
  else await replaceFile(path, (writer) => fill(new BufferedWriter(writer)))
}

function redactAt(
  redactor: Redactor,
  text: string,
  file: string,
  line: number,
): ReturnType<Redactor['redact']> {
  const at = { file, line }
  try {
    parseJson(text)
  } catch (error) {
    throw new HoneError('E_DATA', 'not JSON, so that personal data in it may stay unseen', {
      at,
      hint: 'mend the line or take it out; write files of other forms as JSON lines first',
      cause: error,
    })
  }
  try {
    return redactor.redact(text)
  } catch (error) {
    throw HoneError.isInstance(error) ? new HoneError(error.code, error.message, { at, cause: error }) : error
  }
}

function recordOf(
  line: { readonly number: number } & (
    | { readonly text: string }
    | { readonly fault: string; readonly bytes: number }
  ),
  file: string,
): string {
  if ('text' in line) return line.text
  const what =
    line.fault === 'too-long'
      ? `has ${line.bytes.toLocaleString('en-US')} bytes, which is too long`
      : 'is not UTF-8'
  throw new HoneError('E_DATA', `the line ${what}`, {
    at: { file, line: line.number },
    hint: 'mend the line or take it out',
  })
}

function count(findings: readonly RedactionFinding[], kinds: Map<string, KindCount>): void {
  const here = new Set<string>()
  for (const { kind } of findings) {
    const known = kinds.get(kind) ?? { found: 0, records: 0 }
    kinds.set(kind, known)
    known.found++
    if (!here.has(kind)) known.records++
    here.add(kind)
  }
}

/** Gathers lines, so that the disk is asked once in a while only. */
class BufferedWriter {
  readonly #writer: FileWriter
  #lines: string[] = []
  #length = 0

  constructor(writer: FileWriter) {
    this.#writer = writer
  }

  async add(line: string): Promise<void> {
    this.#lines.push(line)
    this.#length += line.length + 1
    if (this.#length >= writtenAtOnce) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#lines.length > 0) await this.#writer.write(Buffer.from(`${this.#lines.join('\n')}\n`))
    this.#lines = []
    this.#length = 0
  }
}
