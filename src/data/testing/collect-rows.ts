import {
  streamExamples,
  type ExampleRow,
  type StreamOptions,
  type StreamSummary,
} from '../records/stream-examples.ts'

/** All rows of a file, and what the stream says of it. */
export async function collectRows(
  file: string,
  options: StreamOptions = {},
): Promise<{ rows: ExampleRow[]; summary: StreamSummary }> {
  const stream = streamExamples(file, options)
  const rows: ExampleRow[] = []
  for await (const batch of stream) rows.push(...batch)
  return { rows, summary: stream.summary() }
}
