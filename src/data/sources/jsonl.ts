import { LineSplitter, type Line } from '../../lib/line-splitter.ts'
import { largestRecordBytes, tooLong, type SourceRow } from './source-row.ts'
import type { SourceKind } from './source-kind.ts'

/** One JSON value a line. Source: https://jsonlines.org */
export const jsonl: SourceKind = {
  id: 'jsonl',
  name: 'JSONL: one JSON object a line',
  endings: ['jsonl', 'ndjson'],
  isText: true,
  isTable: false,
  // What is nothing else is read as this, and its first line says what is wrong.
  fits: () => true,
  async *rows({ chunks }) {
    const splitter = new LineSplitter(largestRecordBytes)
    for await (const chunk of chunks()) {
      const lines = splitter.push(chunk)
      if (lines.length > 0) yield lines.some(isFault) ? lines.map(toRow) : (lines as readonly SourceRow[])
    }
    yield splitter.end().map(toRow)
  },
}

const isFault = (line: Line): boolean => 'fault' in line

function toRow(line: Line): SourceRow {
  if ('text' in line) return line
  if (line.fault === 'too-long') return tooLong(line.number, line.bytes)
  return {
    number: line.number,
    fault: 'json/encoding',
    message: 'the line is not UTF-8 text',
    hint: 'convert the file: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW',
  }
}
