import type { JsonObject } from '../../core/example.ts'
import type { FileWriter } from '../../lib/replace-file.ts'

/** What stands in a column: nested values are JSON text in kinds that have none. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'json'

type Columns = ReadonlyMap<string, ColumnType>

/** Takes the records of one file one after another. */
export interface RecordSink {
  /** Takes a record; it is on its way to the file when `flush` or `end` has come back. */
  add(record: JsonObject): void
  /** Writes what has gathered, where it is much. To be called after each batch. */
  flush(): Promise<void>
  end(): Promise<void>
}

/** One kind of file that records are written to. A new kind is one file in `targets/` and a line in `record-targets.ts`. */
export interface RecordTarget {
  readonly id: string
  /** Endings of file names, lower case, without the dot. */
  readonly endings: readonly string[]
  /** Whether the columns must be known before the first record is written. */
  readonly isTable: boolean
  open(writer: FileWriter, columns: Columns, file: string): RecordSink
}
