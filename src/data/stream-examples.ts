import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { HoneError } from '../core/errors.ts'
import type { Example, JsonObject } from '../core/example.ts'
import { readLines, type Line } from '../lib/read-lines.ts'
import type { Finding } from './finding.ts'
import { readRecord } from './read-record.ts'
import { readingRules } from './reading-rules.ts'
import { isJsonObject } from './record-format.ts'

export interface StreamOptions {
  readonly signal?: AbortSignal | undefined
  /** True where only text is wanted: tools, calls and media are then errors at their places. */
  readonly textOnly?: boolean
}

/** One record of a file. */
export interface ExampleRow {
  /** 1-based. */
  readonly line: number
  readonly text: string | undefined
  /** The parsed record, where it is an object. */
  readonly record: JsonObject | undefined
  /** `undefined` when an error was found. */
  readonly example: Example | undefined
  readonly findings: readonly Finding[]
}

/** What a stream has seen so far; all of it when the stream is at its end. */
interface StreamSummary {
  readonly records: number
  readonly formats: readonly { readonly id: string; readonly records: number }[]
  readonly bytesRead: number
  readonly totalBytes: number | undefined
}

export interface ExampleStream extends AsyncIterable<readonly ExampleRow[]> {
  summary(): StreamSummary
}

const batchRecords = 256

/**
 * Streams a JSONL file as examples, in batches because waiting for each row is slow. Blank lines are skipped.
 *
 * @throws HoneError `E_DATA` when the file cannot be read; `signal.reason`
 */
export function streamExamples(file: string, options: StreamOptions = {}): ExampleStream {
  const formats = new Map<string, number>()
  let [records, bytesRead, totalBytes] = [0, 0, 0]
  async function* batches(): AsyncGenerator<readonly ExampleRow[]> {
    const { signal } = options
    totalBytes = await sizeOf(file)
    let batch: ExampleRow[] = []
    for await (const line of readLines(file, signal === undefined ? {} : { signal })) {
      bytesRead = Math.min(totalBytes, bytesRead + ('text' in line ? line.text.length + 1 : line.bytes))
      if ('text' in line && line.text.trim() === '') continue
      records++
      batch.push(toRow(file, line, (format) => formats.set(format, (formats.get(format) ?? 0) + 1)))
      if (batch.length < batchRecords) continue
      yield batch
      batch = []
    }
    bytesRead = totalBytes
    if (batch.length > 0) yield batch
  }
  return {
    [Symbol.asyncIterator]: batches,
    summary: () => ({
      records,
      bytesRead,
      totalBytes,
      formats: [...formats].map(([id, count]) => ({ id, records: count })),
    }),
  }
}

function toRow(file: string, line: Line, onFormat: (format: string) => void): ExampleRow {
  const findings: Finding[] = []
  const at = { file, line: line.number }
  const row = { line: line.number, findings }
  if (!('text' in line)) {
    findings.push({ id: 'json/encoding', severity: 'error', at, message: 'the line cannot be read' })
    return { ...row, text: undefined, record: undefined, example: undefined }
  }
  const { text } = line
  const { messages, format, ...rest } = readRecord(text, (id, pointer, message, hint) => {
    findings.push({
      id,
      severity: readingRules[id].severity,
      at: { ...at, ...(pointer === '' ? {} : { pointer }) },
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  })
  if (format !== undefined) onFormat(format)
  const id = `${basename(file)}:${line.number}`
  return { ...row, text, record: parsed(text), example: messages && { id, messages, ...rest } }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    const info = await stat(file)
    if (info.isFile()) return info.size
  } catch (cause) {
    throw new HoneError('E_DATA', 'the file cannot be read', { at: { file }, hint: 'check the path', cause })
  }
  throw new HoneError('E_DATA', 'this is no regular file', {
    at: { file },
    hint: 'write the records to a file',
  })
}
