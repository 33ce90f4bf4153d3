import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { HoneError } from '../core/errors.ts'
import { readLines } from '../lib/read-lines.ts'
import type { Finding } from './finding.ts'
import type { PlacedExample } from './placed-example.ts'
import { readRecord } from './read-record.ts'
import { readingRules } from './reading-rules.ts'

/** One record of a file of examples. */
export interface StreamedRecord {
  /** 1-based. */
  readonly line: number
  readonly text?: string
  /** The record as it was parsed. */
  readonly record?: unknown
  /** `undefined` when there is an error among the findings. */
  readonly example?: PlacedExample
  /** Id of the detected format. */
  readonly format?: string
  readonly findings: readonly Finding[]
}

export interface StreamOptions {
  readonly signal?: AbortSignal | undefined
  /** Records that are handed over together. Default 256. */
  readonly batchRecords?: number
  /** Told after each batch how far the file is read. */
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined
}

/**
 * Streams a JSONL file as examples, in batches because waiting for each row is slow. Blank lines are skipped.
 *
 * @throws HoneError `E_DATA` when the file cannot be read; `signal.reason`
 */
export async function* streamExamples(
  file: string,
  options: StreamOptions = {},
): AsyncGenerator<readonly StreamedRecord[]> {
  const { signal, batchRecords = 256, onProgress } = options
  const total = await sizeOf(file)
  const name = basename(file)
  let batch: StreamedRecord[] = []
  let bytes = 0
  for await (const line of readLines(file, signal === undefined ? {} : { signal })) {
    bytes += 'text' in line ? line.text.length + 1 : line.bytes
    if ('text' in line && line.text.trim() === '') continue
    batch.push(toRecord(file, name, line.number, 'text' in line ? line.text : undefined))
    if (batch.length < batchRecords) continue
    onProgress?.(Math.min(bytes, total), total)
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
  onProgress?.(total, total)
}

function toRecord(file: string, name: string, line: number, text: string | undefined): StreamedRecord {
  const findings: Finding[] = []
  const at = { file, line }
  if (text === undefined) {
    const finding = {
      id: 'json/encoding',
      severity: 'error',
      at,
      message: 'the line cannot be read',
    } as const
    return { line, findings: [finding] }
  }
  const { messages, format, ...rest } = readRecord(text, (id, pointer, message, hint) => {
    findings.push({
      id,
      severity: readingRules[id].severity,
      at: { ...at, ...(pointer === '' ? {} : { pointer }) },
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  })
  return {
    line,
    text,
    record: parsed(text),
    findings,
    ...(format === undefined ? {} : { format }),
    ...(messages === undefined ? {} : { example: { id: `${name}:${line}`, messages, ...rest, at } }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
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
