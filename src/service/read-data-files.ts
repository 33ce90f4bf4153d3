import { FindingCollector, refuseErrors } from '../data/finding.ts'
import type { PlacedExample } from '../data/placed-example.ts'
import { streamExamples, type StreamedRecord } from '../data/stream-examples.ts'
import { counted } from '../data/counted.ts'
import { HoneError } from '../core/errors.ts'
import { findDatasetFile } from '../store/datasets.ts'
import { recordLook, sealOfFile } from '../store/seals.ts'
import { fingerprintFile, type FileFingerprint } from '../lib/fingerprint-file.ts'
import type { DataWait } from './data-progress.ts'

export interface DataFile extends FileFingerprint {
  readonly file: string
  /** The dataset version and part that it is; null for a file of the user's. */
  readonly dataset: string | null
  /** Of a sealed test split: how often it was looked at, this time included. */
  readonly looks: number | null
}

/**
 * Finds the files or dataset versions that are meant, and names their content, after it is known that they can be opened.
 * A sealed test split may be read; that is written down.
 *
 * @param command that reads, for the record of looks
 */
export async function openDataFiles(
  home: string,
  references: readonly string[],
  command: string,
  wait: DataWait,
): Promise<DataFile[]> {
  const opened: DataFile[] = []
  for (const reference of references) {
    const { file, dataset } = await findDatasetFile(home, reference)
    // The first record tells a file that cannot be read before gigabytes are.
    for await (const _ of streamExamples(file, { signal: wait.signal, wanted: () => false })) break
    const fingerprint = await fingerprintFile(file, { signal: wait.signal })
    const sealed = await sealOfFile(home, fingerprint.sha256)
    const looks =
      sealed === undefined ? null : await recordLook(home, sealed, { command, purpose: `read ${reference}` })
    opened.push({ file, dataset, looks, ...fingerprint })
  }
  return opened
}

/**
 * One pass over the records of a file, with progress.
 *
 * @param wanted asked with the record's number; one that is not wanted comes without its example
 */
export async function* recordsOf(
  file: DataFile,
  what: string,
  wait: DataWait,
  wanted?: (index: number) => boolean,
): AsyncGenerator<readonly StreamedRecord[]> {
  let records = 0
  const onProgress = (bytes: number): void =>
    wait.onEvent?.({ type: 'data-progress', what, bytes, totalBytes: file.bytes, records })
  for await (const batch of streamExamples(file.file, { signal: wait.signal, onProgress, wanted })) {
    records += batch.length
    yield batch
  }
}

/** Takes records one by one; all that is wrong is thrown at the end of the file. */
export class SoundRecords {
  readonly #collector = new FindingCollector()
  readonly #file: string
  records = 0

  constructor(file: string) {
    this.#file = file
  }

  take(record: StreamedRecord): PlacedExample | undefined {
    this.records++
    for (const finding of record.findings) this.#collector.add(finding)
    return record.example
  }

  /** @throws HoneError `E_DATA` with up to 20 places, `E_DATA_EMPTY` */
  refuse(): void {
    if (this.records === 0)
      throw new HoneError('E_DATA_EMPTY', 'the file has no record', { at: { file: this.#file } })
    refuseErrors(this.#collector.problems(), `${this.#file} (${counted(this.records, 'record')})`)
  }
}
