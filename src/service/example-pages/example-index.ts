import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { DatasetLabels } from './dataset-labels.ts'
import { streamExamples } from '../../data/records/stream-examples.ts'
import { GrowingNumbers } from './growing-numbers.ts'
import { readLineBatches } from '../../lib/read-line-batches.ts'
import { replaceFile } from '../../lib/replace-file.ts'

/** What is known of every record of a file without reading it again. Columns of one length; row r is the r-th record, from 0. */
export interface ExampleIndex {
  readonly records: number
  /** Byte of the file at which the record's line begins. */
  readonly starts: Float64Array
  /** Bytes of the line, without its line feed. */
  readonly bytes: Uint32Array
  /** Number of the line, 1-based. */
  readonly lines: Uint32Array
  /** UTF-16 code units in all messages; 0 where it cannot be read. */
  readonly characters: Uint32Array
  /** Number of the label in `labelNames`; `noLabel` where it has none, or one of too many. */
  readonly labels: Uint16Array
  /** 1 where the record cannot be read. */
  readonly refused: Uint8Array
  readonly labelNames: readonly string[]
  /** Where labels were found, in words; null where there are none. */
  readonly labelsFrom: string | null
}

interface Header {
  readonly schema: 1
  readonly kind: 'example-index'
  readonly records: number
  readonly file: { readonly sha256: string }
  readonly labelNames: readonly string[]
  readonly labelsFrom: string | null
}

export interface IndexOptions {
  /** Field of the record, of its metadata, or of an answer that is JSON. Default: found by itself. */
  readonly labelField?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((bytes: number, totalBytes: number, records: number) => void) | undefined
}

/** The file beside a part of a dataset version that holds its index. */
const indexFile = (file: string, labelField: string | undefined): string =>
  labelField === undefined
    ? `${file}.index`
    : `${file}.${createHash('sha256').update(labelField).digest('hex').slice(0, 12)}.index`

/**
 * The index of a part of a dataset version: read where there is one, else made in two passes and kept beside the part. One that
 * is damaged or of another content is made anew.
 *
 * @param file JSONL, never changed
 * @throws HoneError `E_DISK`; `signal.reason`
 */
export async function openExampleIndex(
  file: string,
  sha256: string,
  options: IndexOptions = {},
): Promise<ExampleIndex> {
  const path = indexFile(file, options.labelField)
  const kept = await readIndex(path, sha256)
  if (kept !== undefined) return kept
  const made = await makeIndex(file, options)
  await writeIndex(path, sha256, made)
  return made
}

async function makeIndex(file: string, options: IndexOptions): Promise<ExampleIndex> {
  const { signal } = options
  const lineStarts = new GrowingNumbers(Float64Array)
  const lineBytes = new GrowingNumbers(Uint32Array)
  let at = 0
  for await (const batch of readLineBatches(file, { signal })) {
    if (batch.tooLong !== undefined) {
      lineStarts.push(at)
      lineBytes.push(batch.tooLong)
      at += batch.tooLong + 1
      continue
    }
    for (let line = 0; line < batch.count; line++) {
      lineStarts.push(at + batch.starts[line]!)
      lineBytes.push(batch.ends[line]! - batch.starts[line]!)
    }
    at += batch.bytes.length
  }
  const starts = new GrowingNumbers(Float64Array)
  const bytes = new GrowingNumbers(Uint32Array)
  const lines = new GrowingNumbers(Uint32Array)
  const characters = new GrowingNumbers(Uint32Array)
  const refused = new GrowingNumbers(Uint8Array)
  const labels = new DatasetLabels(options.labelField)
  const stream = streamExamples(file, { signal })
  for await (const rows of stream) {
    for (const { line, example, record } of rows) {
      starts.push(lineStarts.at(line - 1))
      bytes.push(lineBytes.at(line - 1))
      lines.push(line)
      refused.push(example === undefined ? 1 : 0)
      characters.push(example?.messages.reduce((sum, { content }) => sum + content.length, 0) ?? 0)
      labels.add(example, record)
    }
    const { bytesRead, totalBytes = bytesRead, records } = stream.summary()
    options.onProgress?.(bytesRead, totalBytes, records)
  }
  return {
    records: starts.length,
    starts: starts.view(),
    bytes: bytes.view(),
    lines: lines.view(),
    characters: characters.view(),
    refused: refused.view(),
    ...labels.chosen(),
  }
}

const columns = [
  ['starts', Float64Array],
  ['bytes', Uint32Array],
  ['lines', Uint32Array],
  ['characters', Uint32Array],
  ['labels', Uint16Array],
  ['refused', Uint8Array],
] as const

const magic = 'hone-index-1\n'

async function writeIndex(path: string, sha256: string, index: ExampleIndex): Promise<void> {
  const { records, labelNames, labelsFrom } = index
  const header: Header = {
    schema: 1,
    kind: 'example-index',
    records,
    file: { sha256 },
    labelNames,
    labelsFrom,
  }
  await replaceFile(path, async (writer) => {
    await writer.write(Buffer.from(`${magic}${JSON.stringify(header)}\n`))
    for (const [name] of columns) {
      const { buffer, byteOffset, byteLength } = index[name]
      await writer.write(new Uint8Array(buffer, byteOffset, byteLength))
    }
  })
}

/** Columns are as this machine writes numbers, little-endian on all that are supported. */
async function readIndex(path: string, sha256: string): Promise<ExampleIndex | undefined> {
  const content = await readFile(path).catch(() => undefined)
  if (content === undefined || content.toString('latin1', 0, magic.length) !== magic) return undefined
  const end = content.indexOf(0x0a, magic.length)
  const header = parsed(content.toString('utf8', magic.length, end))
  if (header?.schema !== 1 || header.file.sha256 !== sha256) return undefined
  const { records, labelNames, labelsFrom } = header
  let at = end + 1
  const expected = columns.reduce((sum, [, type]) => sum + type.BYTES_PER_ELEMENT * records, at)
  if (content.length !== expected) return undefined
  const column = (bytesEach: number): ArrayBuffer => {
    // A copy begins where numbers of its size may.
    const part = content.buffer.slice(content.byteOffset + at, content.byteOffset + at + bytesEach * records)
    at += bytesEach * records
    return part
  }
  return {
    records,
    starts: new Float64Array(column(8)),
    bytes: new Uint32Array(column(4)),
    lines: new Uint32Array(column(4)),
    characters: new Uint32Array(column(4)),
    labels: new Uint16Array(column(2)),
    refused: new Uint8Array(column(1)),
    labelNames,
    labelsFrom,
  }
}

function parsed(text: string): Header | undefined {
  try {
    return JSON.parse(text) as Header
  } catch {
    return undefined
  }
}

/** The text of some rows, read from their places; one that is longer than `most` bytes is cut. */
export async function readRows(
  file: string,
  index: ExampleIndex,
  rows: readonly number[],
  most: number,
): Promise<readonly { readonly row: number; readonly text: string; readonly isCut: boolean }[]> {
  const handle = await open(file)
  try {
    const found: { row: number; text: string; isCut: boolean }[] = []
    for (const row of rows) {
      const length = Math.min(index.bytes[row] ?? 0, most)
      const bytes = Buffer.alloc(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await handle.read(
          bytes,
          filled,
          length - filled,
          (index.starts[row] ?? 0) + filled,
        )
        if (bytesRead === 0) break
        filled += bytesRead
      }
      const text = bytes
        .toString('utf8', 0, filled)
        .replace(/^\uFEFF/, '')
        .replace(/\r$/, '')
      found.push({ row, text, isCut: (index.bytes[row] ?? 0) > most })
    }
    return found
  } finally {
    await handle.close()
  }
}
