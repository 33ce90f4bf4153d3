import { basename } from 'node:path'
import { FindingCollector, refuseErrors } from '../../data/finding.ts'
import type { PlacedExample } from '../../data/records/placed-example.ts'
import { streamExamples, type ExampleRow } from '../../data/records/stream-examples.ts'
import { counted } from '../../data/counted.ts'
import { HoneError } from '../../core/errors.ts'
import { findDatasetFile } from '../../store/datasets.ts'
import { sealedFiles } from '../../store/seals.ts'
import { fingerprintFile, type FileFingerprint } from '../../lib/fingerprint-file.ts'
import { hashProgress, tellProgress, type DataOptions } from './data-event.ts'
import { noteLook } from './open-named-file.ts'

export interface DataFile extends FileFingerprint {
  readonly file: string
  /** The dataset version and part that it is; null for a file of the user's. */
  readonly dataset: string | null
  /** Of a sealed test split: how often it was looked at, this time included. */
  readonly looks: number | null
  /** True for JSONL that is neither compressed nor in another encoding: its lines are records. */
  readonly isPlain: boolean
}

/**
 * Finds the files or dataset versions that are meant, and names their content, after it is known that they can be opened.
 * A sealed test split may be read; that is written down and told.
 *
 * @param command that reads, for the record of looks
 */
export async function openDataFiles(
  home: string,
  references: readonly string[],
  command: string,
  wait: DataOptions,
): Promise<DataFile[]> {
  const sealed = await sealedFiles(home)
  const opened: DataFile[] = []
  for (const reference of references) {
    const { file, dataset } = await findDatasetFile(home, reference)
    // The first record tells a file that cannot be read before gigabytes are.
    const stream = streamExamples(file, { signal: wait.signal, wanted: () => false })
    for await (const _ of stream) break
    const { kind, wrappers } = stream.summary()
    const onProgress = await hashProgress(file, wait)
    const fingerprint = await fingerprintFile(file, { signal: wait.signal, onProgress }).catch(
      (cause: unknown) => {
        if (wait.signal?.aborted === true) throw cause
        throw new HoneError('E_DATA', 'this file is read more than once, so it must be on this machine', {
          at: { file },
          hint: `fetch it first: hone data import ${file} --to examples.jsonl`,
          cause,
        })
      },
    )
    const looks = await noteLook(home, sealed.get(fingerprint.sha256), reference, command, wait)
    const isPlain = kind === 'jsonl' && wrappers.length === 0
    opened.push({ file, dataset, looks, isPlain, ...fingerprint })
  }
  return opened
}

/** A sealed test split that was read, and how often it was by now. */
export interface FileLooks {
  readonly file: string
  readonly looks: number
}

/** The sealed test splits among files that are read. */
export const looksOf = (files: readonly DataFile[]): FileLooks[] =>
  files.flatMap(({ file, looks }) => (looks === null ? [] : [{ file, looks }]))

/**
 * One pass over the records of a file, with progress.
 *
 * @param verb what is done with them, such as `reading`
 * @param wanted asked with the record's number; one that is not wanted comes without its example
 */
export async function* recordsOf(
  { file }: Pick<DataFile, 'file'>,
  verb: string,
  wait: DataOptions,
  wanted?: (index: number) => boolean,
): AsyncGenerator<readonly ExampleRow[]> {
  const stream = streamExamples(file, { signal: wait.signal, wanted })
  for await (const batch of stream) {
    yield batch
    tellProgress(`${verb} ${basename(file)}`, stream, wait)
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

  take(record: ExampleRow): PlacedExample | undefined {
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
