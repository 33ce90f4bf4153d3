import { HoneError } from '../../core/errors.ts'
import { DatasetTally, type DatasetStatistics } from '../../data/statistics/dataset-tally.ts'
import type { CountedValue } from '../../data/statistics/value-tally.ts'
import { languagesOf, type LanguageStatistics } from '../../data/statistics/languages.ts'
import { streamExamples } from '../../data/records/stream-examples.ts'
import { freeMemory } from '../../lib/free-memory.ts'
import { tellProgress, type DataOptions } from './data-event.ts'
import { orEarlierResult, type Reusable } from './reuse-result.ts'

export type { HistogramBar, LengthSummary } from '../../data/statistics/length-tally.ts'
export type { CountedValue } from '../../data/statistics/value-tally.ts'

export interface DataStatsRequest {
  readonly file: string
  /** Field of the record, of its metadata, or of an answer that is JSON. Default: found by itself. */
  readonly label?: string | undefined
  /** Take nothing of an earlier run. */
  readonly fresh?: boolean | undefined
}

export interface DataStats extends Omit<DatasetStatistics, 'sample'> {
  readonly schema: 1
  readonly file: string
  readonly bytes: number
  readonly formats: readonly CountedValue[]
  readonly languages: LanguageStatistics
}

/**
 * What a file of examples holds, in numbers, in one pass.
 *
 * @throws HoneError `E_DATA` when it cannot be read, `E_DATA_EMPTY`
 */
export async function dataStats(
  home: string,
  { fresh, ...request }: DataStatsRequest,
  options: DataOptions = {},
): Promise<Reusable<DataStats>> {
  const { file } = request
  const work = { kind: 'stats 1', inputs: [{ file }], settings: request, fresh }
  return orEarlierResult(home, work, options, async () => {
    const { sample, ...statistics } = await tallyFile(request, options)
    // What counted millions of records is garbage now, and the tables of languages are large.
    freeMemory()
    return { schema: 1, file, ...statistics, languages: await languagesOf(sample) }
  })
}

async function tallyFile(
  { file, label }: Omit<DataStatsRequest, 'fresh'>,
  options: DataOptions,
): Promise<DatasetStatistics & Pick<DataStats, 'bytes' | 'formats'>> {
  const tally = new DatasetTally(label)
  const stream = streamExamples(file, { signal: options.signal })
  for await (const rows of stream) {
    for (const row of rows) tally.add(row)
    tellProgress('stats', stream, options)
  }
  const { records, formats, bytesRead, totalBytes = bytesRead } = stream.summary()
  if (records === 0) {
    throw new HoneError('E_DATA_EMPTY', 'the file has no record', {
      at: { file },
      hint: 'write one JSON object a line, such as {"input": "…", "output": "…"}',
    })
  }
  return {
    bytes: totalBytes,
    formats: formats.map(({ id, records: count }) => ({ value: id, count })),
    ...tally.statistics(),
  }
}
