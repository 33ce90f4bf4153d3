import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter, type ColumnSource } from 'hyparquet-writer'
import type { JsonObject } from '../../core/example.ts'
import type { ColumnType, RecordTarget } from './record-target.ts'

const rowGroupRows = 10_000
/** Characters of a row group, about; few long records must not fill the memory either. */
const rowGroupCharacters = 32e6

const types: Readonly<Record<ColumnType, Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
}

/** Apache Parquet with Snappy; nested values are JSON columns. */
export const parquetTarget: RecordTarget = {
  id: 'parquet',
  endings: ['parquet'],
  isTable: true,
  open(writer, columns) {
    const bytes = new ByteWriter()
    const schema: SchemaElement[] = [
      { name: 'root', num_children: columns.size },
      ...[...columns].map(([name, type]) => ({ name, repetition_type: 'OPTIONAL' as const, ...types[type] })),
    ]
    const file = new ParquetWriter({ writer: bytes, schema })
    let rows: JsonObject[] = []
    let characters = 0
    const drain = async (): Promise<void> => {
      // A copy: the buffer is filled again from its start.
      const ready = Buffer.from(new Uint8Array(bytes.buffer, 0, bytes.index))
      bytes.index = 0
      await writer.write(ready)
    }
    const writeRows = async (): Promise<void> => {
      if (rows.length === 0) return
      const columnData = [...columns].map(([name, type]): ColumnSource => {
        const data = rows.map((row) => row[name] ?? null)
        return { name, data, nullable: true, ...(type === 'json' ? { type: 'JSON' as const } : {}) }
      })
      await file.write({ columnData, rowGroupSize: rows.length })
      rows = []
      characters = 0
      await drain()
    }
    return {
      add(record) {
        rows.push(record)
        for (const name in record) {
          const value = record[name]
          characters += typeof value === 'string' ? value.length : 200
        }
      },
      async flush() {
        if (rows.length >= rowGroupRows || characters >= rowGroupCharacters) await writeRows()
      },
      async end() {
        await writeRows()
        await file.finish()
        await drain()
      },
    }
  },
}
