import type { RecordTarget } from './record-target.ts'
import { createTextSink } from './text-sink.ts'

const isCompressed = (file: string): boolean => file.toLowerCase().endsWith('.gz')

/** One JSON object a line. */
export const jsonlTarget: RecordTarget = {
  id: 'jsonl',
  endings: ['jsonl', 'ndjson'],
  isTable: false,
  open: (writer, _, file) =>
    createTextSink(writer, {
      toText: (record) => `${JSON.stringify(record)}\n`,
      isCompressed: isCompressed(file),
    }),
}

/** One list, a record a line. */
export const jsonTarget: RecordTarget = {
  id: 'json',
  endings: ['json'],
  isTable: false,
  open: (writer, _, file) =>
    createTextSink(writer, {
      before: '[\n',
      between: ',\n',
      after: '\n]\n',
      toText: (record) => JSON.stringify(record),
      isCompressed: isCompressed(file),
    }),
}
