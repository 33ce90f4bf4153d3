import type { JsonObject } from '../../core/example.ts'
import { replaceFile } from '../../lib/replace-file.ts'
import type { ColumnType, RecordSink } from '../targets/record-target.ts'
import { targetFor } from '../targets/record-targets.ts'

/** Hands on records in batches; asked twice for tables, whose columns must be known first. */
export type RecordBatches = () => AsyncIterable<readonly JsonObject[]>

/**
 * Writes records to a file of the kind that its name means, whole or not at all.
 *
 * @param check is called when every record was seen and before the file is there; what it throws leaves nothing behind
 * @returns number of records
 * @throws HoneError `E_USAGE` for a name that means no kind, `E_DISK`, and what batches and check throw
 */
export async function writeRecords(
  file: string,
  batches: RecordBatches,
  check: () => void = () => undefined,
): Promise<number> {
  const target = await targetFor(file)
  const columns = new Map<string, ColumnType>()
  if (target.isTable) {
    for await (const records of batches()) for (const record of records) noteColumns(record, columns)
    check()
  }
  let written = 0
  await replaceFile(file, async (writer) => {
    const sink: RecordSink = target.open(writer, columns, file)
    for await (const records of batches()) {
      for (const record of records) sink.add(record)
      written += records.length
      await sink.flush()
    }
    check()
    await sink.end()
  })
  return written
}

function noteColumns(record: JsonObject, columns: Map<string, ColumnType>): void {
  for (const key of Object.keys(record)) {
    const type = typeOf(record[key])
    const known = columns.get(key)
    if (type === undefined) {
      if (known === undefined) columns.set(key, 'text')
    } else if (known === undefined) columns.set(key, type)
    else if (known !== type) columns.set(key, 'json')
  }
}

function typeOf(value: unknown): ColumnType | undefined {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return value === null || value === undefined ? undefined : 'json'
}
