import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { recordLine } from '../../data/records/record-line.ts'
import { diskError } from '../../lib/disk-error.ts'
import { fingerprintFile, type FileFingerprint } from '../../lib/fingerprint-file.ts'
import { datasetsFolder } from '../../lib/home-layout.ts'
import { LineWriter } from '../../lib/line-writer.ts'
import { replaceFile } from '../../lib/replace-file.ts'
import {
  datasetId,
  findDataset,
  listDatasets,
  refuseName,
  saveDataset,
  versionFolder,
  type DatasetVersion,
} from '../../store/datasets.ts'
import type { DataOptions } from './data-event.ts'
import { openDataFiles, recordsOf, SoundRecords, type DataFile } from './read-data-files.ts'

/** A dataset version with its id. */
export interface DatasetDetails {
  readonly schema: 1
  /** `name@hash`. */
  readonly id: string
  readonly folder: string
  readonly version: DatasetVersion
}

export interface DatasetList {
  readonly schema: 1
  /** By name, the newest first. */
  readonly datasets: readonly DatasetDetails[]
}

/**
 * Keeps a file as a version of a dataset.
 *
 * @throws HoneError `E_DATA` with all records that are wrong, `E_DATA_EMPTY`, `E_USAGE` for a name that is none
 */
export async function saveData(
  home: string,
  request: { readonly file: string; readonly name: string },
  wait: DataOptions,
): Promise<DatasetDetails & { readonly reused: boolean }> {
  refuseName(request.name)
  const [file] = (await openDataFiles(home, [request.file], 'data save', wait)) as [DataFile]
  if (file.isPlain) {
    const sound = new SoundRecords(file.file)
    for await (const batch of recordsOf(file, 'reading', wait)) for (const row of batch) sound.take(row)
    sound.refuse()
    const made = { step: 'save', settings: {}, inputs: [file], records: sound.records }
    return keepFile(home, request.name, file, made, wait)
  }
  return withDatasetDraft(home, async (draft) => {
    const records = await writeLines(file, draft, wait)
    const made = { step: 'save', settings: {}, inputs: [file], records }
    return keepFile(home, request.name, await writtenFile(draft, wait), made, wait)
  })
}

/** Writes the records of a file of another kind as JSONL. */
async function writeLines(file: DataFile, to: string, wait: DataOptions): Promise<number> {
  const sound = new SoundRecords(file.file)
  await replaceFile(to, async (writer) => {
    const lines = new LineWriter(writer)
    for await (const batch of recordsOf(file, 'reading', wait)) {
      for (const row of batch) {
        sound.take(row)
        const line = recordLine(row)
        if (line !== undefined) await lines.write(line)
      }
    }
    sound.refuse()
    await lines.flush()
  })
  return sound.records
}

/** A file of the home that becomes a part of a dataset version, and is gone afterwards. */
export async function withDatasetDraft<Result>(
  home: string,
  use: (draft: string) => Promise<Result>,
): Promise<Result> {
  const draft = join(datasetsFolder(home), `.${randomBytes(6).toString('hex')}.jsonl`)
  await mkdir(datasetsFolder(home), { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, draft)
  })
  try {
    return await use(draft)
  } finally {
    await rm(draft, { force: true })
  }
}

/** A file that was just written, with what names its content. */
export const writtenFile = async (
  file: string,
  { signal }: DataOptions,
): Promise<FileFingerprint & { readonly file: string }> => ({
  file,
  ...(await fingerprintFile(file, { signal })),
})

/** Keeps a file that a command wrote, with what it was made of. */
export async function keepFile(
  home: string,
  name: string,
  file: Pick<DataFile, 'file' | 'sha256' | 'bytes'>,
  made: {
    readonly step: string
    readonly settings: DatasetVersion['lineage']['settings']
    readonly inputs: DatasetVersion['lineage']['inputs']
    readonly records: number
  },
  wait: DataOptions,
): Promise<DatasetDetails & { readonly reused: boolean }> {
  const { reused, ...version } = await saveDataset(
    home,
    {
      name,
      parts: [
        { part: 'records', file: file.file, sha256: file.sha256, bytes: file.bytes, records: made.records },
      ],
      lineage: {
        step: made.step,
        settings: made.settings,
        inputs: made.inputs.map(({ file: input, sha256, dataset }) => ({ file: input, sha256, dataset })),
      },
    },
    { signal: wait.signal },
  )
  return { ...detailsOf(home, version), reused }
}

export async function listData(home: string): Promise<DatasetList> {
  return { schema: 1, datasets: (await listDatasets(home)).map((version) => detailsOf(home, version)) }
}

export async function showData(home: string, reference: string): Promise<DatasetDetails> {
  return detailsOf(home, await findDataset(home, reference))
}

const detailsOf = (home: string, version: DatasetVersion): DatasetDetails => ({
  schema: 1,
  id: datasetId(version),
  folder: versionFolder(home, version),
  version,
})
