import type { RecordTarget } from './record-target.ts'
import { createTextSink } from './text-sink.ts'
import { cellText } from './cell-text.ts'

/** Cells between marks, quoted where they must be (RFC 4180), the names of the columns first. */
const delimitedTarget = (id: string, ending: string, delimiter: string): RecordTarget => {
  const needsQuotes = new RegExp(`[${delimiter}"\\r\\n]|^\\s|\\s$`)
  const quoted = (text: string): string => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const row = (cells: readonly string[]): string => `${cells.map(quoted).join(delimiter)}\r\n`
  return {
    id,
    endings: [ending],
    isTable: true,
    open(writer, columns, file) {
      const names = [...columns.keys()]
      return createTextSink(writer, {
        before: row(names),
        toText: (record) => row(names.map((name) => cellText(record[name]))),
        isCompressed: file.toLowerCase().endsWith('.gz'),
      })
    },
  }
}

export const csvTarget: RecordTarget = delimitedTarget('csv', 'csv', ',')
export const tsvTarget: RecordTarget = delimitedTarget('tsv', 'tsv', '\t')
