import { open } from 'node:fs/promises'
import { HoneError } from '../core/errors.ts'
import type { JsonObject } from '../core/example.ts'
import { readLineBatches, type Line } from '../lib/read-lines.ts'
import type { Finding } from './finding.ts'
import { foreignFile } from './foreign-file.ts'
import type { PlacedExample } from './placed-example.ts'
import { readingRules } from './reading-rules.ts'
import { readRecord } from './read-record.ts'

/** One record of a file. */
export interface StreamedRecord {
  /** 1-based. */
  readonly line: number
  /** The line as it is written; absent where it could not be read as text. */
  readonly text?: string
  readonly record?: JsonObject
  /** Absent where the record has an error. */
  readonly example?: PlacedExample
  /** Errors only. */
  readonly findings: readonly Finding[]
}

export interface StreamOptions {
  readonly signal?: AbortSignal | undefined
  /** Told the bytes read so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined
  /** Asked with the number of the record, from 0: one that is not wanted comes as its line and text alone. */
  readonly wanted?: ((index: number) => boolean) | undefined
}

const none: readonly Finding[] = []

/**
 * Streams the records of a JSONL file, some hundred at a time; blank lines are left out.
 *
 * @throws HoneError `E_DATA` when the file cannot be opened or is of another kind; `signal.reason`.
 */
export async function* streamExamples(
  file: string,
  options: StreamOptions = {},
): AsyncGenerator<readonly StreamedRecord[]> {
  await refuseForeign(file)
  const { signal, onProgress, wanted } = options
  let index = 0
  const lines = readLineBatches(file, {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  for await (const batch of lines) {
    const records: StreamedRecord[] = []
    for (const line of batch) {
      if ('text' in line && line.text.trim() === '') continue
      const isWanted = wanted === undefined || !('text' in line) || wanted(index)
      records.push(isWanted ? toRecord(file, line) : { line: line.number, text: line.text, findings: none })
      index++
    }
    yield records
  }
}

function toRecord(file: string, line: Line): StreamedRecord {
  const at = { file, line: line.number }
  if (!('text' in line)) {
    const [id, message] =
      line.fault === 'not-utf8'
        ? (['json/encoding', 'the line is not UTF-8 text'] as const)
        : ([
            'json/too-long',
            `the line has ${(line.bytes / 2 ** 20).toFixed(1)} MiB, the limit is 16 MiB`,
          ] as const)
    return { line: line.number, findings: [{ id, severity: 'error', at, message }] }
  }
  let findings: Finding[] | undefined
  const {
    messages,
    format: _,
    record,
    ...rest
  } = readRecord(line.text, (id, pointer, message, hint) => {
    const { severity } = readingRules[id]
    if (severity !== 'error') return
    findings ??= []
    findings.push({
      id,
      severity,
      at: pointer === '' ? at : { ...at, pointer },
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  })
  return {
    line: line.number,
    text: line.text,
    findings: findings ?? none,
    ...(record === undefined ? {} : { record }),
    ...(messages === undefined ? {} : { example: { id: `${line.number}`, messages, ...rest, at } }),
  }
}

async function refuseForeign(file: string): Promise<void> {
  const head = Buffer.alloc(4096)
  let bytes = 0
  try {
    const handle = await open(file)
    try {
      if (!(await handle.stat()).isFile()) {
        throw new HoneError('E_DATA', 'this is no regular file', { at: { file } })
      }
      bytes = (await handle.read(head, 0, head.length, 0)).bytesRead
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (HoneError.isInstance(error)) throw error
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new HoneError('E_DATA', missing ? 'there is no such file' : 'the file cannot be read', {
      at: { file },
      hint: 'check the path',
      cause: error,
    })
  }
  const foreign = foreignFile(head.subarray(0, bytes))
  if (foreign === undefined) return
  throw new HoneError('E_DATA', `this file is ${foreign.what}`, { at: { file }, hint: foreign.hint })
}
