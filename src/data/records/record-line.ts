import type { ExampleRow } from './stream-examples.ts'

/** The record as one line of JSON: as it stands in a JSONL file, else printed. Undefined for what could not be read. */
export function recordLine({ text, record }: Pick<ExampleRow, 'text' | 'record'>): string | undefined {
  if (text === undefined) return record === undefined ? undefined : JSON.stringify(record)
  return text.includes('\n') ? JSON.stringify(record ?? JSON.parse(text)) : text
}
