import { HoneError } from '../../core/errors.ts'
import type { NearDuplicateSearch } from '../../data/near-duplicates/near-duplicate-search.ts'
import { comparedText, type ComparedPart, type PlacedExample } from '../../data/records/placed-example.ts'
import type { ExampleRow } from '../../data/records/stream-examples.ts'
import type { DataOptions } from './data-event.ts'
import { recordsOf, SoundRecords, type DataFile } from './read-data-files.ts'

export interface SearchVisitor {
  /** Each record of the own file once, in the first pass. */
  readonly onRecord?: (record: ExampleRow, example: PlacedExample) => void
  /** A record that has a copy or may have a like, in the last pass. */
  readonly onClustered?: (example: PlacedExample, text: string, index: number, line: number) => void
}

/**
 * Gives the records of some files to a search, in its three passes. Records are numbered through all files.
 *
 * @param own the file that is worked on; the records of the others are anchored
 * @returns number of the first record of each file, and their numbers of records
 * @throws HoneError `E_DATA` with all records that are wrong
 */
export async function searchDuplicates(
  search: NearDuplicateSearch,
  files: readonly DataFile[],
  own: DataFile,
  on: ComparedPart,
  wait: DataOptions,
  visitor: SearchVisitor,
): Promise<{ readonly starts: readonly number[]; readonly counts: readonly number[] }> {
  const starts: number[] = []
  const counts: number[] = []
  for (const file of files) {
    starts.push(search.texts)
    const sound = new SoundRecords(file.file)
    for await (const batch of recordsOf(file, 'reading', wait)) {
      for (const record of batch) {
        const example = sound.take(record)
        // A broken record is refused at the end of the file, with all others.
        if (example !== undefined && file === own) visitor.onRecord?.(record, example)
        search.learn(example === undefined ? '' : comparedText(example, on), file !== own)
      }
    }
    sound.refuse()
    counts.push(sound.records)
  }
  const pass = async (
    verb: string,
    isWanted: (index: number) => boolean,
    take: (example: PlacedExample | undefined, index: number, line: number) => void,
  ): Promise<void> => {
    for (const [at, file] of files.entries()) {
      let index = starts[at] ?? 0
      const end = index + (counts[at] ?? 0)
      const wanted = (number: number): boolean =>
        number < (counts[at] ?? 0) && isWanted((starts[at] ?? 0) + number)
      for await (const batch of recordsOf(file, verb, wait, wanted)) {
        for (const { example, line } of batch) {
          if (index === end) throw changed(file)
          take(example, index++, line)
        }
      }
      if (index !== end) throw changed(file)
    }
    wait.signal?.throwIfAborted()
  }
  if (search.threshold < 1 && !search.sketchKept()) {
    await pass(
      'comparing',
      (index) => search.wantsSketch(index),
      (example) => search.sketch(example === undefined ? '' : comparedText(example, on)),
    )
  }
  search.choose()
  await pass(
    'verifying',
    (index) => search.wantsGather(index),
    (example, index, line) => {
      const text = example === undefined ? '' : comparedText(example, on)
      if (search.gather(text) && example !== undefined) visitor.onClustered?.(example, text, index, line)
    },
  )
  return { starts, counts }
}

const changed = ({ file }: DataFile): HoneError =>
  new HoneError('E_DATA', 'the file changed while it was read', {
    at: { file },
    hint: 'run the command again',
  })
