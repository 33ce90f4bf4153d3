import { open } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import { compressors } from 'hyparquet-compressors'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import type { SourceRow } from './source-row.ts'
import { define, rowRecord } from './table-row.ts'

/** Rows handed on at once. */
const batchRows = 1_000
/** A row group is decoded as a whole; a bigger one would not fit beside everything else. */
const largestRowGroupBytes = 2 ** 30

/** What is read of a file, in order. */
export type ParquetMessage =
  | { readonly type: 'rows'; readonly rows: readonly SourceRow[] }
  | { readonly type: 'end'; readonly columns: readonly string[] }

/**
 * Reads a Parquet file row group by row group. Source: https://parquet.apache.org/docs/file-format
 *
 * @param location as the user named the file, for errors
 * @throws HoneError `E_DATA`
 */
export async function* readParquet(path: string, location: string): AsyncGenerator<ParquetMessage> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const buffer = {
      byteLength: size,
      async slice(start: number, end = size): Promise<ArrayBuffer> {
        const from = Math.max(0, start < 0 ? size + start : start)
        const length = Math.max(0, Math.min(end, size) - from)
        const bytes = new Uint8Array(length)
        for (let read = 0; read < length;) {
          const { bytesRead } = await handle.read(bytes, read, length - read, from + read)
          if (bytesRead === 0) break
          read += bytesRead
        }
        return bytes.buffer
      },
    }
    const metadata = await guarded(location, () => parquetMetadataAsync(buffer))
    const columns = new Set<string>()
    let start = 0
    for (const group of metadata.row_groups) {
      const rows = Number(group.num_rows)
      const bytes = Number(group.total_byte_size)
      if (!(rows >= 0 && rows <= 2 ** 31) || !(bytes <= largestRowGroupBytes)) {
        throw new HoneError(
          'E_DATA',
          `a row group of the file has ${rows} rows and ${(bytes / 2 ** 20).toFixed(0)} MiB; at most 1,024 MiB can be read at once`,
          { at: { file: location }, hint: 'write the file with smaller row groups' },
        )
      }
      const objects = await guarded(location, () =>
        parquetReadObjects({
          file: buffer,
          metadata,
          compressors,
          rowStart: start,
          rowEnd: start + rows,
        }),
      )
      for (let at = 0; at < objects.length; at += batchRows) {
        const batch: SourceRow[] = []
        for (const [offset, row] of objects.slice(at, at + batchRows).entries()) {
          const names = Object.keys(row)
          for (const name of names) columns.add(name)
          batch.push({
            number: start + at + offset + 1,
            record: rowRecord(
              names,
              names.map((name) => plain(row[name], 0)),
            ),
          })
        }
        yield { type: 'rows', rows: batch }
      }
      start += rows
    }
    yield { type: 'end', columns: [...columns] }
  } finally {
    await handle.close()
  }
}

/** The reader's errors, whatever they are, as one about the file. */
async function guarded<T>(location: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (HoneError.isInstance(error)) throw error
    const reason = error instanceof Error ? error.message.split('\n')[0]?.slice(0, 200) : String(error)
    throw new HoneError('E_DATA', `the Parquet file cannot be read: ${reason}`, {
      at: { file: location },
      hint: 'write it again, or export it as JSONL',
      cause: error,
    })
  }
}

/** Values as JSON has them: big integers that fit are numbers, dates and bytes are text, empty fields of structs are left out. */
function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : String(value)
  }
  if (typeof value !== 'object' || value === null || depth > 100) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as readonly unknown[], (each) => plain(each, depth + 1))
  }
  const result: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(value)) {
    if (each !== undefined && each !== null) define(result, key, plain(each, depth + 1))
  }
  return result
}
